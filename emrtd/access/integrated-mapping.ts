/**
 * Integrated mapping of PACE (9303-11 4.4.3.3.2, Appendix B): the pseudo-random function R(s, t) and the
 * encoding of a field element as a point.
 */
import {
  bitLength,
  blockSize,
  bytesToBigInt,
  type CipherName,
  concat,
  type Curve,
  encryptCbc,
  isOnCurve,
  keyLength,
  modPow,
  type Point,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';

interface Constants {
  /** Length l of the function's blocks and of the nonce s, in bytes. */
  length: number;
  c0: Uint8Array;
  c1: Uint8Array;
}

/** Constants for 3DES and AES-128, l = 128 (9303-11 4.4.3.3.2). */
const SHORT: Constants = {
  length: 16,
  c0: Uint8Array.fromHex('a668892a7c41e3ca739f40b057d85904'),
  c1: Uint8Array.fromHex('a4e136ac725f738b01c1f60217c188ad'),
};
/** Constants for AES-192 and AES-256, l = 256. */
const LONG: Constants = {
  length: 32,
  c0: Uint8Array.fromHex('d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676'),
  c1: Uint8Array.fromHex('54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517'),
};
/** Bits of the output beyond those of p, so that it is close to uniform modulo p. */
const MARGIN_BITS = 64;

function constantsOf(cipher: CipherName): Constants {
  return cipher === '3DES' || cipher === 'AES-128' ? SHORT : LONG;
}

/** Bytes of the nonce s for the integrated mapping with this cipher. */
export function integratedNonceLength(cipher: CipherName): number {
  return constantsOf(cipher).length;
}

/**
 * Rp(s, t): a number modulo p from the chip's nonce s and the terminal's nonce t. t is as long as a key of
 * the cipher (24 bytes with AES-192). Throws CRYPTO_INPUT on a wrong length of s or t.
 */
export function pseudoRandomFunction(
  cipher: CipherName,
  s: Uint8Array,
  t: Uint8Array,
  p: bigint,
): bigint {
  const { length, c0, c1 } = constantsOf(cipher);
  if (s.length !== length) throw new EmrtdError('CRYPTO_INPUT', `nonce s of ${s.length} bytes`);
  const iv = new Uint8Array(blockSize(cipher));
  const keyBytes = keyLength(cipher);
  const blocks: Uint8Array[] = [];
  let key = encryptCbc(cipher, t, iv, s).subarray(0, keyBytes);
  for (let bits = 0; bits < bitLength(p) + MARGIN_BITS; bits += 8 * length) {
    blocks.push(encryptCbc(cipher, key, iv, c1));
    key = encryptCbc(cipher, key, iv, c0).subarray(0, keyBytes);
  }
  return bytesToBigInt(concat(...blocks)) % p;
}

/**
 * Point of the curve for a field element (9303-11 Appendix B.2). The steps are the same whatever the
 * element. Throws CRYPTO_UNSUPPORTED for a field with p = 1 modulo 4 (P-224), which the encoding does not
 * cover, and CRYPTO_KEY when the element has no point (0, 1, -1: negligible chance).
 */
export function encodeAsPoint(curve: Curve, t: bigint): Point {
  const { p, a, b } = curve;
  if (p % 4n !== 3n) {
    throw new EmrtdError('CRYPTO_UNSUPPORTED', `integrated mapping on curve ${curve.name}`);
  }
  const mod = (value: bigint): bigint => ((value % p) + p) % p;
  const side = (x: bigint): bigint => mod((x * x + a) * x + b);
  const alpha = mod(-t * t);
  const sum = mod(alpha + alpha * alpha);
  const x2 = mod(-b * (1n + sum) * modPow(mod(a * sum), p - 2n, p));
  const x3 = mod(alpha * x2);
  const h2 = side(x2);
  const u = mod(t * t * t * h2);
  const root = modPow(h2, p - 1n - (p + 1n) / 4n, p);
  const square = mod(root * root * h2) === 1n;
  const point = square ? { x: x2, y: mod(root * h2) } : { x: x3, y: mod(root * u) };
  if (!isOnCurve(curve, point)) {
    throw new EmrtdError('CRYPTO_KEY', 'integrated mapping: the nonces give no point');
  }
  return point;
}
