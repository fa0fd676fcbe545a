/**
 * The group in which the chip runs PACE (ICAO 9303-11 4.4.3.3, 9.6): one face for prime fields and curves,
 * with the generic and integrated mapping onto a new generator.
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
  type Domain,
  ecdh,
  encodePoint,
  generator,
  multiply,
  type Point,
  randomScalar,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import { encodeToCurve, pseudoRandom } from './integrated-mapping.ts';

export interface ChipKeyPair {
  privateKey: bigint;
  /** As it goes over the line (9303-11 9.4.5). */
  publicKey: Uint8Array;
}

export interface PaceGroup {
  /** Tag of the public key inside 7F49 (9303-11 Tables 10 and 11). */
  readonly tokenTag: number;
  keyPair(random: Random): ChipKeyPair;
  /** Shared secret, the K of key derivation. Throws CRYPTO_KEY for a bad public key. */
  agree(privateKey: bigint, peer: Uint8Array): Uint8Array;
  /** The group with the generator of generic mapping. Throws CRYPTO_KEY for a bad public key. */
  mapGeneric(nonce: Uint8Array, privateKey: bigint, peer: Uint8Array): PaceGroup;
  /** The group with the generator of integrated mapping. */
  mapIntegrated(nonce: Uint8Array, peerNonce: Uint8Array, cipher: CipherName): PaceGroup;
}

/** The group of these domain parameters with its own generator. */
export function paceGroup(domain: Domain): PaceGroup {
  return domain.kind === 'ec'
    ? curveGroup(domain.curve, generator(domain.curve))
    : primeGroup(domain.group, domain.group.g);
}

function curveGroup(curve: Curve, base: Point): PaceGroup {
  return {
    tokenTag: 0x86,
    keyPair(random) {
      const privateKey = randomScalar(curve.n, random);
      return { privateKey, publicKey: encodePoint(curve, multiply(curve, privateKey, base)) };
    },
    agree: (privateKey, peer) => ecdh(curve, privateKey, uncompressed(curve, peer)),
    mapGeneric(nonce, privateKey, peer) {
      const shared = multiply(curve, privateKey, uncompressed(curve, peer));
      const scaled = multiply(curve, bytesToBigInt(nonce) % curve.n, base);
      return curveGroup(curve, add(curve, scaled, shared));
    },
    mapIntegrated: (nonce, peerNonce, cipher) =>
      curveGroup(curve, encodeToCurve(curve, pseudoRandom(nonce, peerNonce, cipher, curve.p))),
  };
}

/** 9303-11 4.4.3.2 allows uncompressed points only. */
function uncompressed(curve: Curve, bytes: Uint8Array): Point {
  if (bytes[0] !== 0x04) throw new EmrtdError('CRYPTO_KEY', 'the point is not uncompressed');
  return decodePoint(curve, bytes);
}

function primeGroup(group: DhGroup, base: bigint): PaceGroup {
  const peerValue = (bytes: Uint8Array) => checkPublicValue(group, bytesToBigInt(bytes));
  return {
    tokenTag: 0x84,
    keyPair(random) {
      const privateKey = randomScalar(orderOf(group), random);
      return { privateKey, publicKey: unsignedBytes(dhPower(base, privateKey, group)) };
    },
    agree: (privateKey, peer) =>
      bigIntToBytes(dhPower(peerValue(peer), privateKey, group), group.length),
    mapGeneric(nonce, privateKey, peer) {
      const shared = dhPower(peerValue(peer), privateKey, group);
      return primeGroup(
        group,
        dhMultiply(dhPower(base, bytesToBigInt(nonce), group), shared, group),
      );
    },
    mapIntegrated(nonce, peerNonce, cipher) {
      const cofactor = (group.p - 1n) / orderOf(group);
      const mapped = dhPower(pseudoRandom(nonce, peerNonce, cipher, group.p), cofactor, group);
      if (mapped === 1n) throw new EmrtdError('CRYPTO_KEY', 'the mapped generator is 1');
      return primeGroup(group, mapped);
    },
  };
}

function orderOf(group: DhGroup): bigint {
  if (group.q === undefined) {
    throw new EmrtdError(
      'CRYPTO_DOMAIN',
      'PACE over a prime field needs the order of the subgroup',
    );
  }
  return group.q;
}

/** Unsigned integer in the least number of bytes (9303-11 9.4.1). */
function unsignedBytes(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return bigIntToBytes(value, Math.ceil(hex.length / 2));
}
