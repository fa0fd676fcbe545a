/** Authentication token of PACE (9303-11 4.4.3.5, 9.4): a MAC over the peer's public key data object. */
import { tlv } from '../asn1/mod.ts';
import { type CipherName, mac, padIso9797 } from '../crypto/mod.ts';

const PUBLIC_KEY = 0x7f49;
const OBJECT_IDENTIFIER = 0x06;

/** Token over `publicKey` (tag 86 for a point, 84 for a field element) with the OID of the protocol. */
export function authenticationToken(
  cipher: CipherName,
  kmac: Uint8Array,
  oidValue: Uint8Array,
  publicKeyTag: number,
  publicKey: Uint8Array,
): Uint8Array {
  const object = tlv(PUBLIC_KEY, tlv(OBJECT_IDENTIFIER, oidValue), tlv(publicKeyTag, publicKey));
  return mac(cipher, kmac, cipher === '3DES' ? padIso9797(object, 8) : object);
}
