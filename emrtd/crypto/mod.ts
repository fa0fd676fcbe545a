/** The cryptographic primitives of ICAO Doc 9303: what the runtime has, natively; the rest in JavaScript. */
export {
  bigIntToBytes,
  bitLength,
  bytesToBigInt,
  concat,
  equalConstantTime,
  fromHex,
  toHex,
  xor,
} from './bytes.ts';
export {
  adjustDesParity,
  blockSize,
  decryptBlock,
  decryptCbc,
  encryptBlock,
  encryptCbc,
  keyLength,
} from './cipher.ts';
export type { CipherName } from './cipher.ts';
export {
  checkPublicValue,
  dhMultiply,
  dhPower,
  dhSharedSecret,
  explicitGroup,
  generateDhKeyPair,
} from './dh.ts';
export type { DhGroup } from './dh.ts';
export { add, ecdh, generateKeyPair, generator, multiply, randomScalar } from './ec.ts';
export { encodeEcParameters } from './ec-spki.ts';
export { ecdsaSign, ecdsaVerify } from './ecdsa.ts';
export {
  encodeEcdsaDer,
  encodeEcdsaPlain,
  parseEcdsaDer,
  parseEcdsaPlain,
} from './ecdsa-signature.ts';
export { explicitCurve, parseEcParameters } from './explicit-curve.ts';
export { digest, HASH_NAMES, hashByOid, hashLength, hashOid } from './hash.ts';
export type { HashName } from './hash.ts';
export { recoverIso9796, signIso9796, verifyIso9796 } from './iso9796.ts';
export { deriveKey, KDF_ENC, KDF_MAC, KDF_PI } from './kdf.ts';
export { createCmac, createMac, mac } from './mac.ts';
export { curveByName, curveByOid } from './named-curves.ts';
export type { Curve, CurveConstants } from './named-curves.ts';
export { padIso9797, unpadIso9797 } from './padding.ts';
export { decodePoint, encodePoint, isOnCurve } from './point.ts';
export type { Point } from './point.ts';
export { isPrime, modInverse, modPow } from './prime.ts';
export { parseEcPrivateKey, parsePkcs8 } from './private-key.ts';
export { encodePssParameters, parsePssParameters } from './pss-parameters.ts';
export {
  checkRsaKey,
  generateRsaKey,
  rsaLength,
  rsaPrivateOperation,
  rsaPublicOperation,
} from './rsa-key.ts';
export type { RsaPrivateKey } from './rsa-key.ts';
export { rsaSignPkcs1, rsaVerifyPkcs1 } from './rsa-pkcs1.ts';
export { rsaSignPss, rsaVerifyPss } from './rsa-pss.ts';
export type { PssParameters } from './rsa-pss.ts';
export { encodeSpki, parseSpki, publicKeyOf } from './spki.ts';
export type { PublicKey } from './spki.ts';
export { STANDARDIZED_DOMAIN_IDS, standardizedDomain } from './standardized-domain.ts';
export type { Domain } from './standardized-domain.ts';
