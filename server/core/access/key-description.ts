/** API keys as they are told to people and written down: times as text, and nothing of a secret. */
import type { KeyEntry, KeyTerms } from './key-store.ts';
import type { Scope } from './scopes.ts';

interface TermsDescription {
  readonly scopes: readonly Scope[];
  /** As it is written, such as `50/s`; null for any. */
  readonly rate: string | null;
  /** ISO 8601, UTC; null for never. */
  readonly expires: string | null;
}

interface KeyDescription extends TermsDescription {
  readonly id: string;
  /** Of the client. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** What a key is made of, without the name of its client. */
export function describeTerms({ scopes, rate, expiresMs }: KeyTerms): TermsDescription {
  return {
    scopes,
    rate: rate?.text ?? null,
    expires: expiresMs === undefined ? null : new Date(expiresMs).toISOString(),
  };
}

export function describeKey(entry: KeyEntry): KeyDescription {
  const { scopes, rate, expires } = describeTerms(entry);
  const { id, name, createdMs } = entry;
  return { id, name, scopes, rate, created: new Date(createdMs).toISOString(), expires };
}
