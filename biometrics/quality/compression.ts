/**
 * No compression artifacts (ISO/IEC 29794-5 7.3.9), by two witnesses: the quantisation table of a JPEG file,
 * and steps at the borders of 8 x 8 blocks in the pixels, which stay when a picture is stored anew.
 */
import type { Picture } from '../types.ts';
import type { SourceFile } from './input.ts';
import { jpegLumaTable } from '../image/jpeg-tables.ts';

export interface Compression {
  /**
   * Quality 1..100 of the Independent JPEG Group's scale that has a luma table as coarse as the file's; 100
   * for files that are no JPEG.
   */
  readonly jpegQuality: number;
  /** 0 (steps at block borders only) to 100 (no more there than elsewhere); 100 for reduced pictures. */
  readonly blockFreedom: number;
}

/**
 * Mean of the luma table of ITU-T T.81 annex K.1, which is quality 50; and of its first 15 values in zigzag
 * order, the only ones that the limit of 255 does not cut at low qualities.
 */
const MEAN_AT_50 = 57.625;
const LOW_VALUES = 15;
const LOW_MEAN_AT_50 = 226 / 15;
/** Excess of steps at block borders, in levels, that halves the score. */
const HALF_AT_EXCESS = 2;

export function compression(picture: Picture, file?: SourceFile): Compression {
  const isReduced = file !== undefined && file.sourceWidth !== picture.width;
  return {
    jpegQuality: file?.format === 'jpeg' ? jpegQuality(file.bytes) : 100,
    blockFreedom: isReduced ? 100 : blockFreedom(picture),
  };
}

function jpegQuality(bytes: Uint8Array): number {
  const table = jpegLumaTable(bytes);
  if (table === undefined) return 1;
  const isCut = table.includes(255);
  const values = isCut ? table.subarray(0, LOW_VALUES) : table;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  // the scale of libjpeg: percent = 5000 / q below 50, 200 - 2 q above
  const percent = 100 * mean / (isCut ? LOW_MEAN_AT_50 : MEAN_AT_50);
  const quality = percent > 100 ? 5000 / percent : (200 - percent) / 2;
  return Math.max(1, Math.min(100, quality));
}

/** Steps across block borders against the mean of those two pixels before and after, on every fourth line. */
function blockFreedom({ width, height, data }: Picture): number {
  let excess = 0, count = 0;
  const lumaAt = (i: number) => 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
  const step = (i: number, d: number) => Math.abs(lumaAt(i) - lumaAt(i - d));
  for (let y = 4; y < height; y += 4) {
    for (let x = 8; x + 3 < width; x += 8) {
      const i = 3 * (y * width + x);
      excess += step(i, 3) - (step(i - 6, 3) + step(i + 6, 3)) / 2;
      count++;
    }
  }
  for (let y = 8; y + 3 < height; y += 8) {
    for (let x = 4; x < width; x += 4) {
      const row = 3 * width, i = 3 * (y * width + x);
      excess += step(i, row) - (step(i - 2 * row, row) + step(i + 2 * row, row)) / 2;
      count++;
    }
  }
  return count === 0 ? 100 : 100 * Math.pow(0.5, Math.max(0, excess / count) / HALF_AT_EXCESS);
}
