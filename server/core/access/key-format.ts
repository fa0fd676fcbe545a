/**
 * API keys as text: `gh_`, an identifier that finds the entry, `_`, and a secret of 256 random bits in
 * base64url (RFC 4648 5).
 *
 * What is stored is the SHA-256 of the whole text. A slow password hash would be the wrong tool: it makes
 * guessing dear where people choose from few words, but nobody guesses one of 2^256, and a slow hash on every
 * request would let strangers spend our processor time.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digestOfSecret } from './secret-digest.ts';

/** Every key begins so; scanners for leaked secrets look for it, and other tokens are told apart by it. */
export const KEY_PREFIX = 'gh_';
const FORMAT = /^gh_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const ID_BYTES = 6;
const SECRET_BYTES = 32;

/** A key as far as the server needs it; the secret itself cannot be had from it. */
export interface PresentedKey {
  readonly id: string;
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array;
}

export interface NewKey extends PresentedKey {
  /** What the client is given, and nobody keeps. */
  readonly text: string;
}

export function newKey(): NewKey {
  const id = randomBytes(ID_BYTES).toString('hex');
  const text = `${KEY_PREFIX}${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id, text, digest: digestOfSecret(text) };
}

/** Undefined for what has not the form of a key. */
export function readKey(text: string): PresentedKey | undefined {
  const id = FORMAT.exec(text)?.[1];
  return id === undefined ? undefined : { id, digest: digestOfSecret(text) };
}

/** In constant time; without a stored digest it takes as long and is false. */
export function sameKey(presented: PresentedKey, stored: Uint8Array | undefined): boolean {
  const expected = stored ?? new Uint8Array(presented.digest.length);
  return timingSafeEqual(presented.digest, expected) && stored !== undefined;
}
