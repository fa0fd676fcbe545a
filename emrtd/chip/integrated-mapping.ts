/**
 * Chip side of integrated mapping (ICAO 9303-11 4.4.3.3.2 and Appendix B): the pseudo-random function
 * R_p(s, t) and the encoding of a field element as a point of the curve.
 */
import {
  bitLength,
  blockSize,
  bytesToBigInt,
  type CipherName,
  concat,
  type Curve,
  encryptCbc,
  fromHex,
  keyLength,
  modInverse,
  modPow,
  type Point,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';

/** Constants c0 and c1 for l = 128 and l = 256. */
const CONSTANTS = {
  16: ['a668892a7c41e3ca739f40b057d85904', 'a4e136ac725f738b01c1f60217c188ad'],
  32: [
    'd463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676',
    '54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517',
  ],
} as const;

/** Bytes of the nonce s: the smallest multiple of the block size that is not below the key size. */
export function integratedNonceLength(cipher: CipherName): 16 | 32 {
  return keyLength(cipher) <= 16 ? 16 : 32;
}

/** R_p(s, t): s of `integratedNonceLength` bytes, t of the key's length. */
export function pseudoRandom(
  s: Uint8Array,
  t: Uint8Array,
  cipher: CipherName,
  p: bigint,
): bigint {
  const length = integratedNonceLength(cipher);
  const key = keyLength(cipher);
  if (s.length !== length || t.length !== key) {
    throw new EmrtdError('CRYPTO_INPUT', 'nonces of integrated mapping have a wrong length');
  }
  const [c0, c1] = CONSTANTS[length].map(fromHex);
  const run = (k: Uint8Array, data: Uint8Array) =>
    encryptCbc(cipher, k.subarray(0, key), new Uint8Array(blockSize(cipher)), data);
  const count = Math.ceil((bitLength(p) + 64) / (8 * length));
  let k = run(t, s);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    parts.push(run(k, c1));
    k = run(k, c0);
  }
  return bytesToBigInt(concat(...parts)) % p;
}

/** f_G(t): the point encoding of Appendix B for p = 3 mod 4 and cofactor 1, affine coordinates. */
export function encodeToCurve(curve: Curve, t: bigint): Point {
  const { p, a, b } = curve;
  if (p % 4n !== 3n) {
    throw new EmrtdError(
      'CRYPTO_UNSUPPORTED',
      `integrated mapping is not defined on ${curve.name}`,
    );
  }
  const mod = (value: bigint) => ((value % p) + p) % p;
  const alpha = mod(-t * t);
  const inner = modInverse(mod(alpha + alpha * alpha), p);
  const x2 = mod(-b * modInverse(a, p) * (1n + inner));
  const x3 = mod(alpha * x2);
  const h2 = mod(x2 ** 3n + a * x2 + b);
  const u = mod(t ** 3n * h2);
  const root = modPow(h2, p - 1n - (p + 1n) / 4n, p);
  return mod(root * root * h2) === 1n ? { x: x2, y: mod(root * h2) } : { x: x3, y: mod(root * u) };
}
