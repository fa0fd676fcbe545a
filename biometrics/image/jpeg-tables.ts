/** Reads the luma quantisation table of a JPEG file (ITU-T T.81 B.2.4.1), which says how coarsely it was compressed. */

const DQT = 0xdb;
const SOS = 0xda;
const MAX_SEGMENTS = 256;

/**
 * The 64 values of table 0, or undefined when the file has none before its first scan. Meant for files that
 * have already been decoded; of broken bytes it makes nothing worse than undefined.
 */
export function jpegLumaTable(bytes: Uint8Array): Uint16Array | undefined {
  let at = 2;
  for (let segments = 0; segments < MAX_SEGMENTS && at + 4 <= bytes.length; segments++) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === SOS) return undefined;
    const end = at + 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
    if (marker === DQT) {
      const table = readTables(bytes.subarray(at + 4, end));
      if (table !== undefined) return table;
    }
    at = Math.max(end, at + 4);
  }
  return undefined;
}

function readTables(segment: Uint8Array): Uint16Array | undefined {
  for (let at = 0; at < segment.length;) {
    const bytesPerValue = segment[at] >> 4 === 0 ? 1 : 2, id = segment[at] & 15;
    const end = at + 1 + 64 * bytesPerValue;
    if (end > segment.length) return undefined;
    if (id === 0) {
      return Uint16Array.from({ length: 64 }, (_, i) => {
        const p = at + 1 + i * bytesPerValue;
        return bytesPerValue === 1 ? segment[p] : segment[p] << 8 | segment[p + 1];
      });
    }
    at = end;
  }
  return undefined;
}
