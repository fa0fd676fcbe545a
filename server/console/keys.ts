/** The API keys as an operator looks at them: those that need somebody first, and none of their secrets. */
import { describeKey } from '../core/access/key-description.ts';
import { type KeyEntry, keyStatus } from '../core/access/key-store.ts';
import { DAY_MS } from '../core/day.ts';
import type { KeyAnswer, KeyState } from './answer.ts';

const SOON_MS = 30 * DAY_MS;

/** In this order; within a state the end that comes first, and no end last. */
const ORDER: readonly KeyState[] = ['within-30-days', 'valid', 'expired', 'revoked'];

export function keysAnswer(entries: readonly KeyEntry[], now: Date): KeyAnswer[] {
  return entries
    .map((entry) => ({ entry, state: stateOf(entry, now.getTime()) }))
    .sort((a, b) =>
      ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
      endOf(a.entry) - endOf(b.entry) ||
      a.entry.name.localeCompare(b.entry.name)
    )
    .map(({ entry, state }) => ({ ...describeKey(entry), state }));
}

function stateOf(entry: KeyEntry, nowMs: number): KeyState {
  const status = keyStatus(entry, nowMs);
  return status === 'valid' && endOf(entry) - nowMs <= SOON_MS ? 'within-30-days' : status;
}

/** A number that can be taken from another, however far off. */
function endOf({ expiresMs }: KeyEntry): number {
  return expiresMs ?? Number.MAX_SAFE_INTEGER;
}
