/** RSA keys: limits on what is accepted (9303-12 4.1.6 and what real CSCAs use), and the raw operations. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
} from 'node:crypto';
import { EmrtdError } from '../errors.ts';
import { bigIntToBytes, bitLength, bytesToBigInt, plain } from './bytes.ts';

const MIN_BITS = 1024;
const MAX_BITS = 8192;
/** The runtime refuses public exponents beyond this; real ones have at most 17 bits. */
const MAX_EXPONENT_BITS = 32;

export interface RsaPublicKey {
  readonly n: bigint;
  readonly e: bigint;
}

/** Private key with the numbers of PKCS #1 A.1.2. */
export interface RsaPrivateKey extends RsaPublicKey {
  readonly d: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
}

/** Bytes of the modulus, which is the length of a signature. */
export function rsaLength(key: RsaPublicKey): number {
  return Math.ceil(bitLength(key.n) / 8);
}

/** The same key, if n is odd with 1024 to 8192 bits and e odd with 2 to 32 bits. Throws CRYPTO_KEY. */
export function checkRsaKey<Key extends RsaPublicKey>(key: Key): Key {
  const bits = bitLength(key.n);
  if (key.n < 0n || bits < MIN_BITS || bits > MAX_BITS || (key.n & 1n) === 0n) {
    throw new EmrtdError('CRYPTO_KEY', `RSA modulus of ${bits} bits is refused`);
  }
  if (key.e < 3n || (key.e & 1n) === 0n || bitLength(key.e) > MAX_EXPONENT_BITS) {
    throw new EmrtdError('CRYPTO_KEY', 'RSA public exponent is refused');
  }
  return key;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return bigIntToBytes(value, Math.ceil(hex.length / 2))
    .toBase64({ alphabet: 'base64url', omitPadding: true });
}

const imported = new WeakMap<RsaPublicKey, KeyObject>();

function publicKeyObject(key: RsaPublicKey): KeyObject {
  let object = imported.get(key);
  if (object === undefined) {
    checkRsaKey(key);
    object = createPublicKey({
      key: { kty: 'RSA', n: base64url(key.n), e: base64url(key.e) },
      format: 'jwk',
    });
    imported.set(key, object);
  }
  return object;
}

/**
 * signature^e mod n, as many bytes as n has. Throws CRYPTO_KEY for a refused key and
 * CRYPTO_SIGNATURE_FORMAT when the input is not as long as n or not below it.
 */
export function rsaPublicOperation(key: RsaPublicKey, signature: Uint8Array): Uint8Array {
  const object = publicKeyObject(key);
  if (signature.length !== rsaLength(key) || bytesToBigInt(signature) >= key.n) {
    throw new EmrtdError(
      'CRYPTO_SIGNATURE_FORMAT',
      `RSA signature of ${signature.length} bytes does not fit a modulus of ${
        bitLength(key.n)
      } bits`,
    );
  }
  return plain(
    publicDecrypt({ key: object, padding: constants.RSA_NO_PADDING }, signature),
  );
}

/** The same, and undefined for a signature that no such key makes. Throws CRYPTO_KEY for a refused key. */
export function openRsaSignature(key: RsaPublicKey, signature: Uint8Array): Uint8Array | undefined {
  try {
    return rsaPublicOperation(key, signature);
  } catch (error) {
    if (error instanceof EmrtdError && error.code === 'CRYPTO_SIGNATURE_FORMAT') return undefined;
    throw error;
  }
}

/** block^d mod n, for a block as long as n. For the software chip and tests. */
export function rsaPrivateOperation(key: RsaPrivateKey, block: Uint8Array): Uint8Array {
  const { n, e, d, p, q, dp, dq, qi } = checkRsaKey(key);
  if (block.length !== rsaLength(key) || bytesToBigInt(block) >= n) {
    throw new EmrtdError('CRYPTO_INPUT', `RSA block of ${block.length} bytes does not fit the key`);
  }
  const object = createPrivateKey({
    key: {
      kty: 'RSA',
      n: base64url(n),
      e: base64url(e),
      d: base64url(d),
      p: base64url(p),
      q: base64url(q),
      dp: base64url(dp),
      dq: base64url(dq),
      qi: base64url(qi),
    },
    format: 'jwk',
  });
  return plain(privateEncrypt({ key: object, padding: constants.RSA_NO_PADDING }, block));
}

/** A fresh key with the runtime's randomness (it takes no other); `bits` is a multiple of 128. */
export function generateRsaKey(bits: number, exponent = 65537): RsaPrivateKey {
  const jwk = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent })
    .privateKey.export({ format: 'jwk' });
  const number = (text: string | undefined): bigint =>
    bytesToBigInt(Uint8Array.fromBase64(text ?? '', { alphabet: 'base64url' }));
  return checkRsaKey({
    n: number(jwk.n),
    e: number(jwk.e),
    d: number(jwk.d),
    p: number(jwk.p),
    q: number(jwk.q),
    dp: number(jwk.dp),
    dq: number(jwk.dq),
    qi: number(jwk.qi),
  });
}
