import { describe, expect, test } from 'bun:test';
import sharp, { type Sharp } from 'sharp';
import { decodePicture } from '../../../biometrics/image/mod.ts';

/** 48x32: red, green / blue, white quarters. */
const quarters = (() => {
  const data = new Uint8Array(48 * 32 * 3);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 48; x++) {
      const colour = y < 16
        ? (x < 24 ? [255, 0, 0] : [0, 255, 0])
        : (x < 24 ? [0, 0, 255] : [255, 255, 255]);
      data.set(colour, (y * 48 + x) * 3);
    }
  }
  return data;
})();

function source(): Sharp {
  return sharp(quarters, { raw: { width: 48, height: 32, channels: 3 } });
}

function pixel(picture: { width: number; data: Uint8Array }, x: number, y: number): number[] {
  return [...picture.data.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3)];
}

describe('decodePicture', () => {
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    test(`decodes ${format} to RGB`, async () => {
      const picture = await decodePicture(await source().toFormat(format).toBuffer());
      expect([picture.width, picture.height, picture.format]).toEqual([48, 32, format]);
      expect(picture.data.length).toBe(48 * 32 * 3);
      expect(pixel(picture, 4, 4)[0]).toBeGreaterThan(240);
      expect(pixel(picture, 4, 28)[2]).toBeGreaterThan(240);
    });
  }
});
