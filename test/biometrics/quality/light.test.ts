import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type FaceMeasures, measureFace } from '../../../biometrics/quality/mod.ts';
import type { Picture } from '../../../biometrics/types.ts';
import { blurred, portraits, qualityInput, repaint, withPixels } from '../support/quality.ts';

// networks start and pictures are measured many times over
setDefaultTimeout(60_000);

/** A measure of every portrait, changed by each step of `change`. */
async function series(
  key: keyof FaceMeasures,
  steps: readonly number[],
  change: (picture: Picture, step: number) => Picture | Promise<Picture>,
): Promise<number[][]> {
  const rows: number[][] = [];
  for (const portrait of await portraits()) {
    const input = await qualityInput(portrait);
    const row: number[] = [];
    for (const step of steps) {
      const changed = await change(portrait, step);
      row.push(measureFace(withPixels(input, changed))[key] as number);
    }
    rows.push(row);
  }
  return rows;
}

function expectRising(rows: readonly number[][], least: number): void {
  for (const row of rows) {
    for (let i = 1; i < row.length; i++) expect(row[i]).toBeGreaterThanOrEqual(row[i - 1] - 1e-6);
    expect(row.at(-1)! - row[0]).toBeGreaterThan(least);
  }
}

describe('measures of light follow the light', () => {
  test('under-exposure rises as the picture gets darker', async () => {
    expectRising(
      await series('underExposure', [1, 0.6, 0.3, 0.1], (p, gain) => repaint(p, (v) => v * gain)),
      60,
    );
  });

  test('over-exposure rises as the picture gets brighter', async () => {
    expectRising(
      await series('overExposure', [1, 1.6, 2.5, 5], (p, gain) => repaint(p, (v) => v * gain)),
      40,
    );
  });

  test('dynamic range falls as contrast is taken away', async () => {
    const rows = await series(
      'dynamicRange',
      [0.02, 0.1, 0.3, 1],
      (p, gain) => repaint(p, (v) => 128 + (v - 128) * gain),
    );
    expectRising(rows, 40);
  });

  test('illumination uniformity is whole for a mirrored face and falls as one side gets darker', async () => {
    for (const portrait of await portraits()) {
      const input = await qualityInput(portrait);
      const { mesh } = input.scene;
      // every pixel of the face takes the luma of one grey, then one side loses light
      const plain = repaint(portrait, () => 150);
      const row = [1, 0.85, 0.6, 0.4].map((gain) => {
        const shaded = repaint(plain, (v, x) => x > mesh[3] ? v * gain : v);
        return measureFace(withPixels(input, shaded)).illuminationUniformity;
      });
      expect(row[0]).toBeCloseTo(100, 3);
      for (let i = 1; i < row.length; i++) expect(row[i]).toBeLessThanOrEqual(row[i - 1]);
      expect(row.at(-1)!).toBeLessThan(30);
    }
  });

  test('background uniformity falls as the background gets busier, whatever the person', async () => {
    for (const portrait of await portraits()) {
      const input = await qualityInput(portrait);
      const { width, data, toPicture } = input.foreground;
      const [step, , left, , , top] = toPicture;
      const isPerson = (x: number, y: number) =>
        data[Math.round((y - top) / step) * width + Math.round((x - left) / step)] >= 0.1;
      const row = [0, 20, 60, 120].map((contrast) => {
        const changed = repaint(
          portrait,
          (v, x, y) =>
            isPerson(x, y) ? v : 128 + (((x >> 4) + (y >> 4)) % 2 === 0 ? contrast : -contrast),
        );
        return measureFace(withPixels(input, changed)).backgroundUniformity;
      });
      expect(row[0]).toBeGreaterThan(70);
      for (let i = 1; i < row.length; i++) expect(row[i]).toBeLessThan(row[i - 1]);
      expect(row.at(-1)!).toBeLessThan(15);
    }
  });

  test('sharpness falls with blur', async () => {
    const rows = await series(
      'sharpness',
      [8, 4, 2, 1, 0],
      (p, sigma) => sigma === 0 ? p : blurred(p, sigma),
    );
    expectRising(rows, 15);
  });
});
