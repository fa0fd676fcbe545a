/**
 * Key agreement of PACE (9303-11 4.4.3.3, 4.4.3.4) over one generator, the same for elliptic curves and
 * for finite fields: ephemeral keys, shared secret, and the step from one generator to the mapped one.
 */
import {
  add,
  bigIntToBytes,
  bytesToBigInt,
  checkPublicValue,
  type CipherName,
  type Curve,
  decodePoint,
  type DhGroup,
  dhMultiply,
  dhPower,
  dhSharedSecret,
  ecdh,
  encodePoint,
  generateDhKeyPair,
  generateKeyPair,
  generator,
  multiply,
  type Point,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import { encodeAsPoint, pseudoRandomFunction } from './integrated-mapping.ts';

/** A key pair for one use. */
interface Ephemeral {
  readonly privateKey: bigint;
  /** Public key as the data objects carry it: uncompressed point, or field element of p's length. */
  readonly publicKey: Uint8Array;
}

export interface PaceAgreement {
  /** Tag of the public key in an authentication token: 86 for a point, 84 for a field element. */
  readonly publicKeyTag: 0x86 | 0x84;
  generateKeyPair(random: Random): Ephemeral;
  /** Shared secret with the chip's key. Throws CRYPTO_KEY when that key is not of the group. */
  sharedSecret(own: Ephemeral, peer: Uint8Array): Uint8Array;
  /** Generic mapping: G' = s * G + H, with H the shared element. */
  mapGeneric(s: Uint8Array, own: Ephemeral, peer: Uint8Array): PaceAgreement;
  /** Integrated mapping: G' from the two nonces. */
  mapIntegrated(cipher: CipherName, s: Uint8Array, t: Uint8Array): PaceAgreement;
}

/** PACE over an elliptic curve. */
export function ecAgreement(curve: Curve, base: Point = generator(curve)): PaceAgreement {
  return {
    publicKeyTag: 0x86,
    generateKeyPair(random) {
      const { privateKey, publicKey } = generateKeyPair(curve, random, base);
      return { privateKey, publicKey: encodePoint(curve, publicKey) };
    },
    sharedSecret(own, peer) {
      return ecdh(curve, own.privateKey, decodePoint(curve, peer));
    },
    mapGeneric(s, own, peer) {
      const shared = multiply(curve, own.privateKey, decodePoint(curve, peer));
      const factor = bytesToBigInt(s) % curve.n;
      if (factor === 0n) throw new EmrtdError('CRYPTO_KEY', 'nonce is zero in the group');
      return ecAgreement(curve, add(curve, multiply(curve, factor, base), shared));
    },
    mapIntegrated(cipher, s, t) {
      return ecAgreement(curve, encodeAsPoint(curve, pseudoRandomFunction(cipher, s, t, curve.p)));
    },
  };
}

function mappedGroup(group: DhGroup, g: bigint): PaceAgreement {
  if (g <= 1n || g >= group.p - 1n) {
    throw new EmrtdError('CRYPTO_KEY', 'mapped generator is trivial');
  }
  return dhAgreement({ ...group, g });
}

function fieldElement(group: DhGroup, bytes: Uint8Array): bigint {
  if (bytes.length > group.length) {
    throw new EmrtdError('CRYPTO_KEY', `Diffie-Hellman value of ${bytes.length} bytes`);
  }
  return checkPublicValue(group, bytesToBigInt(bytes));
}

/** PACE over the multiplicative group of a prime field. */
export function dhAgreement(group: DhGroup): PaceAgreement {
  return {
    publicKeyTag: 0x84,
    generateKeyPair(random) {
      const { privateKey, publicKey } = generateDhKeyPair(group, random);
      return { privateKey, publicKey: bigIntToBytes(publicKey, group.length) };
    },
    sharedSecret(own, peer) {
      return dhSharedSecret(group, own.privateKey, fieldElement(group, peer));
    },
    mapGeneric(s, own, peer) {
      const power = dhPower(group.g, bytesToBigInt(s), group);
      const shared = dhPower(fieldElement(group, peer), own.privateKey, group);
      return mappedGroup(group, dhMultiply(power, shared, group));
    },
    mapIntegrated(cipher, s, t) {
      if (group.q === undefined) {
        throw new EmrtdError(
          'CRYPTO_DOMAIN',
          'integrated mapping: the order of the group is unknown',
        );
      }
      const element = pseudoRandomFunction(cipher, s, t, group.p);
      const cofactor = (group.p - 1n) / group.q;
      return mappedGroup(group, dhPower(element, cofactor, group));
    },
  };
}
