/** What kind of picture the portrait is: browsers show JPEG, but not JPEG 2000, which many passports hold. */

export type PictureKind = 'jpeg' | 'jpeg2000' | 'unknown';

const MAGIC: readonly [PictureKind, readonly number[]][] = [
  ['jpeg', [0xff, 0xd8, 0xff]],
  // JP2 signature box (ISO/IEC 15444-1 I.5.1)
  ['jpeg2000', [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20]],
  // a codestream without boxes: SOC and SIZ markers (A.4.1, A.5.1)
  ['jpeg2000', [0xff, 0x4f, 0xff, 0x51]],
];

/** The kind of a picture, by its first bytes. */
export function pictureKind(bytes: Uint8Array): PictureKind {
  return MAGIC.find(([, magic]) => magic.every((byte, i) => bytes[i] === byte))?.[0] ?? 'unknown';
}
