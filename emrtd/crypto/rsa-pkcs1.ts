/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 8.2). The whole encoded message is made and compared, so nothing in it is
 * parsed; done here because real documents also sign a DigestInfo without NULL, which the runtime refuses.
 */
import { der } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { equalConstantTime } from './bytes.ts';
import { digest, type HashName, hashOid } from './hash.ts';
import {
  openRsaSignature,
  rsaLength,
  type RsaPrivateKey,
  rsaPrivateOperation,
  type RsaPublicKey,
} from './rsa-key.ts';

/** EMSA-PKCS1-v1_5 (RFC 8017 9.2): 00 01 FF … FF 00 DigestInfo; undefined when the key is too short. */
function encode(
  hash: HashName,
  message: Uint8Array,
  length: number,
  parameters: 'null' | 'absent',
): Uint8Array | undefined {
  const algorithm = parameters === 'null'
    ? der.sequence(der.oid(hashOid(hash)), der.nul())
    : der.sequence(der.oid(hashOid(hash)));
  const info = der.sequence(algorithm, der.octetString(digest(hash, message)));
  if (length < info.length + 11) return undefined;
  const block = new Uint8Array(length).fill(0xff);
  block.set([0, 1]);
  block[length - info.length - 1] = 0;
  block.set(info, length - info.length);
  return block;
}

/**
 * Whether the signature is one of the message, with NULL parameters in the DigestInfo or none.
 * Throws CRYPTO_KEY for a refused key; a signature of another length is `false`.
 */
export function rsaVerifyPkcs1(
  key: RsaPublicKey,
  hash: HashName,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const block = openRsaSignature(key, signature);
  if (block === undefined) return false;
  const usual = encode(hash, message, block.length, 'null');
  const bare = encode(hash, message, block.length, 'absent');
  return (usual !== undefined && equalConstantTime(block, usual)) ||
    (bare !== undefined && equalConstantTime(block, bare));
}

/** Signs, with NULL parameters. Throws CRYPTO_KEY when the key is too short for the hash. */
export function rsaSignPkcs1(
  key: RsaPrivateKey,
  hash: HashName,
  message: Uint8Array,
): Uint8Array {
  const block = encode(hash, message, rsaLength(key), 'null');
  if (block === undefined) {
    throw new EmrtdError('CRYPTO_KEY', `RSA key is too short for ${hash}`);
  }
  return rsaPrivateOperation(key, block);
}
