/** Data groups and EF.COM of the specimen document (ICAO 9303-10 4.6 and 4.7). */
import { der, tlv } from '../asn1/mod.ts';
import { concat, digest, encodeSpki, type HashName } from '../crypto/mod.ts';
import type { ActiveAuthenticationKey } from './active-authentication.ts';
import { multiply } from '../crypto/mod.ts';
import { hashAlgorithm } from './issue-certificate.ts';

const ascii = new TextEncoder();

/** Outer tags of DG1 to DG16 (9303-10 Table 35). */
const TAGS = '61 75 63 76 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70'.split(' ').map((hex) =>
  parseInt(hex, 16)
);

/** EF.DG1 around the zone. */
export function writeDg1(mrz: string): Uint8Array {
  return tlv(0x61, tlv(0x5f1f, ascii.encode(mrz)));
}

/** EF.DG2: one template with one ISO/IEC 19794-5:2005 record of a full frontal image. */
export function writeDg2(photo: Uint8Array, width: number, height: number): Uint8Array {
  const record = 14 + 20 + 12 + photo.length;
  const head = new DataView(new ArrayBuffer(46));
  head.setUint32(0, 0x46414300);
  head.setUint32(4, 0x30313000);
  head.setUint32(8, record);
  head.setUint16(12, 1);
  head.setUint32(14, record - 14);
  const jpeg = photo[0] === 0xff && photo[1] === 0xd8;
  head.setUint8(34, 1);
  head.setUint8(35, jpeg ? 0 : 1);
  head.setUint16(36, width);
  head.setUint16(38, height);
  const header = tlv(
    0xa1,
    tlv(0x81, Uint8Array.of(0x02)),
    tlv(0x82, Uint8Array.of(0x00)),
    tlv(0x87, Uint8Array.of(0x01, 0x01)),
    tlv(0x88, Uint8Array.of(0x00, 0x08)),
  );
  const block = tlv(0x5f2e, new Uint8Array(head.buffer), photo);
  return tlv(0x75, tlv(0x7f61, der.integer(1), tlv(0x7f60, header, block)));
}

/** EF.DG15 with the public key of active authentication. */
export function writeDg15(key: ActiveAuthenticationKey): Uint8Array {
  if (key.kind === 'rsa') {
    return tlv(0x6f, encodeSpki({ kind: 'rsa', key: { n: key.key.n, e: key.key.e } }));
  }
  const { curve, privateKey } = key;
  const point = multiply(curve, privateKey, { x: curve.gx, y: curve.gy });
  return tlv(0x6f, encodeSpki({ kind: 'ec', curve, point, parameters: 'explicit' }));
}

/** EF.COM that lists these data groups. */
export function writeCom(groups: readonly number[]): Uint8Array {
  return tlv(
    0x60,
    tlv(0x5f01, ascii.encode('0107')),
    tlv(0x5f36, ascii.encode('040000')),
    tlv(0x5c, Uint8Array.from(groups, (group) => TAGS[group - 1])),
  );
}

/** LDSSecurityObject with the hashes of these files, version 0 or 1. */
export function writeSecurityObject(
  hash: HashName,
  groups: ReadonlyMap<number, Uint8Array>,
  version: 0 | 1,
): Uint8Array {
  const hashes = [...groups].toSorted(([a], [b]) => a - b).map(([number, bytes]) =>
    der.sequence(der.integer(number), der.octetString(digest(hash, bytes)))
  );
  return der.sequence(
    der.integer(version),
    hashAlgorithm(hash),
    der.sequence(...hashes),
    ...(version === 1 ? [der.sequence(der.printable('0108'), der.printable('040000'))] : []),
  );
}

/** EF.ATR/INFO: extended length and buffer sizes (ISO/IEC 7816-4 12.7, 9303-10 3.11.1). */
export function writeAtrInfo(extendedLength: number | undefined): Uint8Array {
  const size = extendedLength ?? 256;
  // card capabilities, third byte: command chaining, and extended length when supported
  const capabilities = Uint8Array.of(0, 0, extendedLength === undefined ? 0x80 : 0xc0);
  return concat(
    tlv(0x47, capabilities),
    tlv(0x7f66, der.integer(size), der.integer(size)),
  );
}

/** EF.DIR with the eMRTD application (9303-10 3.11.2). */
export function writeDir(): Uint8Array {
  return tlv(0x61, tlv(0x4f, Uint8Array.fromHex('a0000002471001')));
}
