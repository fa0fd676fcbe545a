import { describe, expect, test } from 'bun:test';
import sharp from 'sharp';
import { decodePicture, encodeJpeg, encodePng } from '../../../biometrics/image/mod.ts';
import { BLUE, corners, failure, GREEN, quarters, RED, WHITE } from './samples.ts';

const UPRIGHT = [RED, GREEN, BLUE, WHITE];

describe('decodePicture', () => {
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    test(`decodes ${format} to RGB`, async () => {
      const picture = await decodePicture(await quarters().toFormat(format).toBuffer());
      expect(picture).toMatchObject({
        width: 48,
        height: 32,
        format,
        sourceWidth: 48,
        sourceHeight: 32,
      });
      expect(picture.data.length).toBe(48 * 32 * 3);
      expect(corners(picture)).toEqual(UPRIGHT);
    });
  }

  // EXIF 2.3, tag 0112: where row 0 and column 0 of the stored picture are when it is upright.
  const upright: Record<number, number[][]> = {
    1: [RED, GREEN, BLUE, WHITE],
    2: [GREEN, RED, WHITE, BLUE],
    3: [WHITE, BLUE, GREEN, RED],
    4: [BLUE, WHITE, RED, GREEN],
    5: [RED, BLUE, GREEN, WHITE],
    6: [BLUE, RED, WHITE, GREEN],
    7: [WHITE, GREEN, BLUE, RED],
    8: [GREEN, WHITE, RED, BLUE],
  };
  for (const [orientation, expected] of Object.entries(upright)) {
    for (const format of ['jpeg', 'webp', 'png'] as const) {
      test(`applies EXIF orientation ${orientation} of ${format}`, async () => {
        const bytes = await quarters().withMetadata({ orientation: Number(orientation) })
          .toFormat(format).toBuffer();
        const picture = await decodePicture(bytes);
        const size = Number(orientation) < 5 ? [48, 32] : [32, 48];
        expect([picture.width, picture.height]).toEqual(size);
        expect(corners(picture)).toEqual(expected);
      });
    }
  }

  test('shrinks to maxSide and reports the upright size it had', async () => {
    const bytes = await quarters(1200, 800).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await decodePicture(bytes, { maxSide: 300 });
    expect(picture).toMatchObject({
      width: 200,
      height: 300,
      sourceWidth: 800,
      sourceHeight: 1200,
    });
    expect(corners(picture)).toEqual(upright[6]);
  });

  test('never enlarges', async () => {
    const picture = await decodePicture(await quarters().png().toBuffer(), { maxSide: 300 });
    expect([picture.width, picture.height]).toEqual([48, 32]);
  });

  test('puts transparent parts on white', async () => {
    const bytes = await sharp({
      create: { width: 20, height: 20, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } },
    }).png().toBuffer();
    expect(corners(await decodePicture(bytes))).toEqual([WHITE, WHITE, WHITE, WHITE]);
  });

  test('spreads grey over three channels, with and without alpha', async () => {
    const grey = quarters().greyscale();
    for (
      const bytes of [
        await grey.clone().png().toBuffer(),
        await grey.clone().jpeg().toBuffer(),
        await grey.clone().ensureAlpha().png().toBuffer(),
      ]
    ) {
      const picture = await decodePicture(bytes);
      expect(picture.data.length).toBe(48 * 32 * 3);
      for (const [r, g, b] of corners(picture)) expect([g, b]).toEqual([r, r]);
    }
  });

  test('reduces 16 bits to 8', async () => {
    const bytes = await quarters().toColourspace('rgb16').png().toBuffer();
    expect(bytes[24]).toBe(16);
    expect(corners(await decodePicture(bytes))).toEqual(UPRIGHT);
  });

  test('reads palettes', async () => {
    const bytes = await quarters().png({ palette: true }).toBuffer();
    expect(bytes[25]).toBe(3);
    expect(corners(await decodePicture(bytes))).toEqual(UPRIGHT);
  });

  test('reads progressive JPEG', async () => {
    const bytes = await quarters().jpeg({ progressive: true }).toBuffer();
    expect(corners(await decodePicture(bytes))).toEqual(UPRIGHT);
  });

  test('turns CMYK to RGB', async () => {
    const bytes = await quarters().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const [red, green, blue, white] = corners(await decodePicture(bytes));
    expect(red[0]).toBeGreaterThan(red[1] + 100);
    expect(green[1]).toBeGreaterThan(Math.max(green[0], green[2]));
    expect(blue[2]).toBeGreaterThan(blue[0] + 50);
    expect(white).toEqual(WHITE);
  });

  test('converts an embedded colour profile to sRGB', async () => {
    const bytes = await quarters().withIccProfile('p3').png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(stored[0]).toBeLessThan(240);
    expect(corners(await decodePicture(bytes))).toEqual(UPRIGHT);
  });

  test('does not touch bytes around a view', async () => {
    const bytes = await quarters().png().toBuffer();
    const padded = new Uint8Array(bytes.length + 20).fill(0xaa);
    padded.set(bytes, 7);
    const picture = await decodePicture(padded.subarray(7, 7 + bytes.length));
    expect(corners(picture)).toEqual(UPRIGHT);
  });
});

describe('encoding', () => {
  test('PNG keeps every pixel', async () => {
    const picture = await decodePicture(await quarters().webp({ quality: 60 }).toBuffer());
    const again = await decodePicture(await encodePng(picture));
    expect(again.data).toEqual(picture.data);
  });

  test('JPEG keeps the colours', async () => {
    const picture = await decodePicture(await quarters().png().toBuffer());
    const again = await decodePicture(await encodeJpeg(picture));
    expect(corners(again)).toEqual(UPRIGHT);
  });

  test('refuses a picture whose data does not fit its size', async () => {
    const { message } = await failure(() =>
      encodePng({ width: 2, height: 2, data: new Uint8Array(5) })
    );
    expect(message).toBe('picture: 5 bytes for 2x2 RGB pixels');
  });
});
