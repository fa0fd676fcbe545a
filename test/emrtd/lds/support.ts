/** Files made by hand for the LDS tests. */
import { der, tlv } from '../../../emrtd/asn1/mod.ts';
import { concat } from '../../../emrtd/crypto/mod.ts';
import { EmrtdError } from '../../../emrtd/errors.ts';
import type { Finding } from '../../../emrtd/lds/mod.ts';

export const ascii = (text: string) => new TextEncoder().encode(text);
export const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(' ', ''));
export const codes = (findings: Finding[]) => findings.map(({ code }) => code);
export const JPEG = concat(hex('ffd8ffe000104a464946'), new Uint8Array(40).fill(7), hex('ffd9'));
export const CODESTREAM = concat(hex('ff4fff51002f'), new Uint8Array(40).fill(7), hex('ffd9'));

export function errorOf(run: () => unknown): EmrtdError {
  try {
    run();
  } catch (error) {
    if (error instanceof EmrtdError) return error;
    throw error;
  }
  throw new Error('no error');
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** ISO 19794-5:2005 representation; `off` is added to its stated length. */
export function face2005(image: Uint8Array, off = 0, points = 0): Uint8Array {
  const head = new Uint8Array(16);
  head[1] = points;
  const information = concat(hex('0101 0010 0020 00 00 0000 0000'));
  const length = 20 + 8 * points + 12 + image.length + off;
  return concat(u32(length), head, new Uint8Array(8 * points), information, image);
}

export function record2005(faces: Uint8Array[], off = 0): Uint8Array {
  const body = concat(...faces);
  return concat(
    ascii('FAC\x00010\x00'),
    u32(14 + body.length + off),
    Uint8Array.of(0, faces.length),
    body,
  );
}

/** ISO 19794-5:2011 representation with one quality block and one landmark. */
export function face2011(image: Uint8Array): Uint8Array {
  const body = concat(
    new Uint8Array(14),
    Uint8Array.of(1),
    new Uint8Array(5),
    Uint8Array.of(0, 1),
    new Uint8Array(15),
    new Uint8Array(8),
    hex('0100 0010 0020 00 0000 00 00'),
    u32(image.length),
    image,
  );
  return concat(u32(4 + body.length), body);
}

export function record2011(faces: Uint8Array[]): Uint8Array {
  const body = concat(...faces);
  const head = concat(
    ascii('FAC\x00030\x00'),
    u32(17 + body.length),
    Uint8Array.of(0, faces.length),
  );
  return concat(head, new Uint8Array(3), body);
}

export function dg2(...blocks: Uint8Array[]): Uint8Array {
  const templates = blocks.map((block) =>
    tlv(0x7f60, tlv(0xa1, tlv(0x87, hex('0101')), tlv(0x88, hex('0008'))), tlv(0x5f2e, block))
  );
  return tlv(0x75, tlv(0x7f61, der.integer(blocks.length), ...templates));
}
