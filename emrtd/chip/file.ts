/** Elementary files of the chip (ICAO 9303-10 3.6 and 4.6): identifiers, access condition, contents. */

/** Who may read: anybody, after BAC or PACE, after PACE only, or only after extended access control. */
export type FileAccess = 'always' | 'protected' | 'pace' | 'extended';

export interface ChipFile {
  /** File identifier, two bytes. */
  fid: number;
  /** Short file identifier, 1 to 30. */
  sfi: number;
  access: FileAccess;
  /** Bytes that can be read. */
  length: number;
  /** `length` bytes from `offset`, both inside the file. */
  read(offset: number, length: number): Uint8Array;
}

/** Where the files stand (9303-10 Tables 1 to 3 and 35). */
export const FILE = {
  atrInfo: { fid: 0x2f01, sfi: 0x01 },
  dir: { fid: 0x2f00, sfi: 0x1e },
  cardAccess: { fid: 0x011c, sfi: 0x1c },
  cardSecurity: { fid: 0x011d, sfi: 0x1d },
  com: { fid: 0x011e, sfi: 0x1e },
  sod: { fid: 0x011d, sfi: 0x1d },
} as const;

/** Identifiers of data group `number`. */
export function groupFile(number: number): { fid: number; sfi: number } {
  return { fid: 0x0100 + number, sfi: number };
}

/** A file with these contents. */
export function bytesFile(
  place: { fid: number; sfi: number },
  access: FileAccess,
  bytes: Uint8Array,
): ChipFile {
  return {
    ...place,
    access,
    length: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** A file that begins with `head` and then goes on with zeros as far as anybody reads. */
export function endlessFile(file: ChipFile, head: Uint8Array): ChipFile {
  return {
    ...file,
    length: 0xffffffff,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      if (offset < head.length) bytes.set(head.subarray(offset, offset + length));
      return bytes;
    },
  };
}
