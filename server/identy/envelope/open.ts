/**
 * Opens capture envelopes. A wrong key, a damaged key and a changed byte cost the same and look the same:
 * where the keys cannot be unwrapped, random ones take their place, and the MAC decides. Nothing is
 * decrypted before the MAC is right, so padding tells nothing.
 */
import {
  constants,
  createDecipheriv,
  createHmac,
  type KeyObject,
  privateDecrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { ReplayGuard } from '../../core/replay/replay-guard.ts';
import { EnvelopeError } from './error.ts';
import { AES_KEY_BYTES, MAC_KEY_BYTES, parseEnvelope } from './format.ts';

/** "More than 2 min to reach the server" (table 9, 604); the same for clocks that are ahead. */
export const MAX_AGE_MS = 120_000;

/** A private key for envelopes; the public half is what clients wrap for. */
export interface EnvelopeKey {
  /** Lower-case hexadecimal of the 16 bytes in the envelope. */
  readonly id: string;
  readonly privateKey: KeyObject;
}

export interface OpenOptions {
  /** Keys in force by id, and one that stands in for ids that are not known. */
  readonly keys: { find(id: string): EnvelopeKey | undefined; readonly current: EnvelopeKey };
  readonly nonces: Pick<ReplayGuard, 'take'>;
  readonly nowMs: number;
}

export interface OpenedEnvelope {
  /** The capture as it was sealed. */
  readonly payload: Uint8Array;
  /** Milliseconds since 1970 UTC, as the client packed it. */
  readonly packedAtMs: number;
}

/**
 * @throws EnvelopeError MALFORMED, REFUSED, EXPIRED, REPLAYED; ServerError BUSY, STORAGE_FAILED when no
 * further nonce can be remembered
 */
export async function openEnvelope(
  bytes: Uint8Array,
  options: OpenOptions,
): Promise<OpenedEnvelope> {
  const { keys, nonces, nowMs } = options;
  const parts = parseEnvelope(bytes);
  const known = keys.find(parts.keyId.toHex());
  const keyBytes = unwrap((known ?? keys.current).privateKey, parts.wrappedKeys);
  const aesKey = keyBytes.subarray(0, AES_KEY_BYTES);
  const macKey = keyBytes.subarray(AES_KEY_BYTES);
  const mac = createHmac('sha256', macKey).update(parts.authenticated).digest();
  // a key id that is not ours is refused here, where it costs as much as a wrong MAC
  if (!timingSafeEqual(mac, parts.mac) || known === undefined) {
    throw new EnvelopeError('REFUSED', 'envelope: wrong key or changed');
  }
  if (Math.abs(nowMs - parts.packedAtMs) > MAX_AGE_MS) {
    throw new EnvelopeError('EXPIRED', 'envelope: packed more than two minutes away from now');
  }
  if (!await nonces.take(parts.nonce, nowMs)) {
    throw new EnvelopeError('REPLAYED', 'envelope: seen before');
  }
  const decipher = createDecipheriv('aes-256-cbc', aesKey, parts.iv);
  try {
    const payload = Buffer.concat([decipher.update(parts.ciphertext), decipher.final()]);
    // a plain array: slices of a Buffer are no copies
    return { payload: new Uint8Array(payload), packedAtMs: parts.packedAtMs };
  } catch {
    // the MAC was right: the sender itself padded wrongly
    throw new EnvelopeError('MALFORMED', 'envelope: padding');
  } finally {
    keyBytes.fill(0);
  }
}

/** AES key and MAC key; random ones when the wrapped bytes are not for this key. */
function unwrap(privateKey: KeyObject, wrapped: Uint8Array): Uint8Array {
  const substitute = randomBytes(AES_KEY_BYTES + MAC_KEY_BYTES);
  try {
    const unwrapped = privateDecrypt({
      key: privateKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
    }, wrapped);
    return unwrapped.length === substitute.length ? unwrapped : substitute;
  } catch {
    return substitute;
  }
}
