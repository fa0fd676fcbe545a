/** Damaged copies of files, for readers that must answer every input with a value or a typed error. */
import fc from 'fast-check';
import { expectTyped } from './refusal.ts';

/** Copies of `bytes` with up to eight bytes changed and perhaps the end cut off. */
export function mutations(bytes: Uint8Array, within = bytes.length): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(within - 1), to: fc.nat(255) });
  const changes = fc.array(change, { maxLength: 8 });
  const length = fc.oneof(fc.constant(bytes.length), fc.nat(bytes.length));
  return fc.tuple(changes, length).map(([list, keep]) => {
    const copy = bytes.slice();
    for (const { at, to } of list) copy[at] = to;
    return copy.subarray(0, keep);
  });
}

/** Reads every input; only PackError may be thrown. */
export async function survives(
  bytes: fc.Arbitrary<Uint8Array>,
  read: (bytes: Uint8Array) => unknown,
  numRuns: number,
): Promise<void> {
  await fc.assert(fc.asyncProperty(bytes, (each) => expectTyped(() => read(each))), { numRuns });
}
