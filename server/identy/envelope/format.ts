/**
 * The capture envelope, version 1: what a client's capture travels in. All numbers are big-endian.
 *
 *   0   4  magic "GHCE"
 *   4   1  version, 1
 *   5   1  suite, 1: RSA-OAEP with SHA-256, AES-256-CBC, HMAC-SHA-256
 *   6   8  time of packing, milliseconds since 1970 UTC
 *  14  16  nonce, random, never used again
 *  30  16  key id: the first 16 bytes of the SHA-256 of the public key's SubjectPublicKeyInfo
 *  46   2  length of the wrapped keys, k
 *  48   k  RSA-OAEP of 64 bytes: AES key, then MAC key
 *       16  initialisation vector
 *        n  AES-256-CBC of the capture, PKCS #7 padding
 *       32  HMAC-SHA-256 of everything before it
 */
import { EnvelopeError } from './error.ts';

const MAGIC: Uint8Array = new TextEncoder().encode('GHCE');
const VERSION = 1;
const SUITE = 1;

export const KEY_ID_BYTES = 16;
export const AES_KEY_BYTES = 32;
export const MAC_KEY_BYTES = 32;
const IV_BYTES = 16;
const MAC_BYTES = 32;
/** Of AES. */
const BLOCK_BYTES = 16;
/** Up to the wrapped keys. */
const HEAD_BYTES = 48;
/** RSA moduli of 2048 to 4096 bits. */
const WRAPPED_BYTES = { least: 256, most: 512 };

/** An envelope taken apart; nothing in it has been verified. */
export interface EnvelopeParts {
  /** Milliseconds since 1970 UTC, as the client says. */
  readonly packedAtMs: number;
  readonly nonce: Uint8Array;
  readonly keyId: Uint8Array;
  readonly wrappedKeys: Uint8Array;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly mac: Uint8Array;
  /** What the MAC is over. */
  readonly authenticated: Uint8Array;
}

/**
 * Takes an envelope apart by its lengths.
 * @throws EnvelopeError MALFORMED when it is not an envelope of this version and suite
 */
export function parseEnvelope(bytes: Uint8Array): EnvelopeParts {
  if (bytes.length < HEAD_BYTES) throw malformed('shorter than its head');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw malformed('no magic');
  if (bytes[4] !== VERSION || bytes[5] !== SUITE) throw malformed('another version or suite');
  const packedAtMs = Number(view.getBigUint64(6));
  if (!Number.isSafeInteger(packedAtMs)) throw malformed('a time beyond all times');
  const wrappedLength = view.getUint16(46);
  if (wrappedLength < WRAPPED_BYTES.least || wrappedLength > WRAPPED_BYTES.most) {
    throw malformed('length of the wrapped keys');
  }
  const ivStart = HEAD_BYTES + wrappedLength;
  const textStart = ivStart + IV_BYTES;
  const macStart = bytes.length - MAC_BYTES;
  const textLength = macStart - textStart;
  if (textLength < BLOCK_BYTES || textLength % BLOCK_BYTES !== 0) {
    throw malformed('length of the ciphertext');
  }
  return {
    packedAtMs,
    nonce: bytes.subarray(14, 30),
    keyId: bytes.subarray(30, 46),
    wrappedKeys: bytes.subarray(HEAD_BYTES, ivStart),
    iv: bytes.subarray(ivStart, textStart),
    ciphertext: bytes.subarray(textStart, macStart),
    mac: bytes.subarray(macStart),
    authenticated: bytes.subarray(0, macStart),
  };
}

function malformed(what: string): EnvelopeError {
  return new EnvelopeError('MALFORMED', `envelope: ${what}`);
}
