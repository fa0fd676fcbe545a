/** Real files as seeds of fuzz tests, and the ways in which they are damaged. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { sharedPath } from '../../support/shared-data.ts';

/** Every certificate, SOD and data group of the test data of at most `maxBytes`. */
export function realFiles(folders: readonly string[], maxBytes: number): Uint8Array[] {
  return folders.flatMap((folder) =>
    readdirSync(sharedPath(`emrtd/${folder}`)).sort()
      .map((name) => join(sharedPath(`emrtd/${folder}`), name))
      .filter((path) => statSync(path).isFile() && statSync(path).size <= maxBytes)
      .map((path) => new Uint8Array(readFileSync(path)))
  );
}

/** The DER of every certificate of a PEM file. */
export function pemCertificates(path: string): Uint8Array[] {
  const pem = readFileSync(sharedPath(path), 'utf8');
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END/g)]
    .map((match) => Uint8Array.fromBase64(match[1]));
}

/**
 * A seed with some bytes changed, inserted, removed or cut off. Half of them only have bits flipped in one
 * or two bytes, so that lengths stay right and the damage reaches the values.
 */
export function mutated(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edit = (kinds: readonly string[]) =>
    fc.record({
      kind: fc.constantFrom(...kinds),
      where: fc.nat(),
      value: fc.integer({ min: 0, max: 255 }),
    });
  const edits = fc.oneof(
    fc.array(edit(['flip']), { minLength: 1, maxLength: 2 }),
    fc.array(edit(['change', 'flip', 'insert', 'remove', 'cut']), { minLength: 1, maxLength: 4 }),
  );
  return fc.tuple(fc.constantFrom(...seeds), edits).map(([seed, list]) => {
    let bytes = [...seed];
    for (const { kind, where, value } of list) {
      const at = where % Math.max(1, bytes.length);
      if (kind === 'change') bytes[at] = value;
      else if (kind === 'flip') bytes[at] ^= 1 << (value & 7);
      else if (kind === 'insert') bytes.splice(at, 0, value);
      else if (kind === 'remove') bytes.splice(at, 1 + (value & 7));
      else bytes = bytes.slice(0, at);
    }
    return Uint8Array.from(bytes);
  });
}
