import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { jpegLumaTable } from '../../../biometrics/image/jpeg-tables.ts';
import { compression } from '../../../biometrics/quality/compression.ts';
import { load } from '../support/pictures.ts';
import { portraits } from '../support/quality.ts';

// networks start and pictures are measured many times over
setDefaultTimeout(60_000);

async function stored(quality: number, again = false) {
  const [{ width, height, data }] = await portraits();
  const raw = sharp(data, { raw: { width, height, channels: 3 } });
  let bytes = new Uint8Array(await raw.jpeg({ quality }).toBuffer());
  if (again) bytes = new Uint8Array(await sharp(bytes).jpeg({ quality: 98 }).toBuffer());
  const picture = await load(bytes);
  const file = { bytes, format: 'jpeg', sourceWidth: width, sourceHeight: height } as const;
  return { picture, file };
}

describe('compression', () => {
  test('tells the quality a JPEG file was written with', async () => {
    for (const quality of [10, 35, 50, 75, 90, 97]) {
      const { picture, file } = await stored(quality);
      const { jpegQuality } = compression(picture, file);
      expect(Math.abs(jpegQuality - quality)).toBeLessThan(2);
    }
  });

  test('sees blocks that storing anew at high quality hides from the tables', async () => {
    const row: number[] = [];
    for (const quality of [3, 10, 30, 90]) {
      const { picture, file } = await stored(quality, true);
      const { jpegQuality, blockFreedom } = compression(picture, file);
      expect(jpegQuality).toBeGreaterThan(95);
      row.push(blockFreedom);
    }
    for (let i = 1; i < row.length; i++) expect(row[i]).toBeGreaterThan(row[i - 1]);
    expect(row[0]).toBeLessThan(40);
    expect(row.at(-1)!).toBeGreaterThan(80);
  });

  test('finds nothing to hold against other formats and reduced pictures', async () => {
    const { picture, file } = await stored(10);
    expect(compression(picture, { ...file, format: 'png' }).jpegQuality).toBe(100);
    expect(compression(picture, { ...file, sourceWidth: 4000 }).blockFreedom).toBe(100);
  });

  test('tables of any bytes are 64 values or none', () => {
    const marker = fc.constantFrom([0xff, 0xdb, 0, 67], [0xff, 0xd8], [0xff, 0xda], [
      0xff,
      0xdb,
      0xff,
      0xff,
    ]);
    const bytes = fc.array(
      fc.oneof(marker, fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 70 })),
    )
      .map((parts) => Uint8Array.from(parts.flat()));
    fc.assert(fc.property(bytes, (file) => {
      const table = jpegLumaTable(file);
      if (table !== undefined) expect(table.length).toBe(64);
    }));
  });
});
