import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { expression } from '../../../biometrics/quality/expression.ts';
import { measureFace } from '../../../biometrics/quality/mod.ts';
import { portraits, qualityInput } from '../support/quality.ts';

// networks start and pictures are measured many times over
setDefaultTimeout(60_000);

describe('expression', () => {
  test('is less neutral the wider the mouth opens or smiles', async () => {
    const { scene: { mesh } } = await qualityInput((await portraits())[0]);
    const face = mesh[3 * 152 + 1] - mesh[3 * 133 + 1];
    const opened = [0, 0.05, 0.1, 0.2].map((share) => {
      const open = mesh.slice();
      for (const point of [14, 87, 317]) open[3 * point + 1] += share * face;
      return expression(open);
    });
    for (let i = 1; i < opened.length; i++) {
      expect(opened[i].mouthClosed).toBeLessThan(opened[i - 1].mouthClosed);
      expect(opened[i].expressionNeutrality).toBeLessThanOrEqual(
        opened[i - 1].expressionNeutrality,
      );
    }
    expect(opened.at(-1)!.mouthClosed).toBeLessThan(5);
    const smiling = [-0.1, 0, 0.05, 0.15].map((share) => {
      const wide = mesh.slice();
      for (const point of [13, 14, 82, 87, 312, 317]) wide.set([mesh[39], mesh[40]], 3 * point);
      wide[3 * 61] -= share * face;
      wide[3 * 291] += share * face;
      return expression(wide).expressionNeutrality;
    });
    for (let i = 1; i < smiling.length; i++) {
      expect(smiling[i]).toBeLessThanOrEqual(smiling[i - 1]);
    }
    expect(smiling.at(-1)!).toBeLessThan(smiling[0] - 20);
  });
});

/** A picture on a grey canvas that is larger on its sides by these shares of its size. */
async function framed(left: number, top: number, right: number, bottom: number) {
  const [picture] = await portraits();
  const [l, t, r, b] = [
    left * picture.width,
    top * picture.height,
    right * picture.width,
    bottom * picture.height,
  ]
    .map(Math.round);
  const width = picture.width + l + r, height = picture.height + t + b;
  const data = new Uint8Array(width * height * 3).fill(150);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
    data.set(row, ((y + t) * width + l) * 3);
  }
  return measureFace(await qualityInput({ width, height, data }));
}

describe('head geometry', () => {
  test('follows size and place of the head in the picture', async () => {
    const plain = await framed(0, 0, 0, 0), large = await framed(0.4, 0.4, 0.4, 0.4);
    expect(large.interEyeDistance / plain.interEyeDistance).toBeCloseTo(1, 1);
    expect(large.headWidthShare).toBeLessThan(0.7 * plain.headWidthShare);
    expect(large.headHeightShare).toBeLessThan(plain.headHeightShare);
    expect(large.crownMargin).toBeGreaterThan(plain.crownMargin);
    const moved = await framed(0.5, 0, 0, 0), below = await framed(0, 0.5, 0, 0);
    expect(moved.faceCentreX).toBeGreaterThan(plain.faceCentreX + 0.1);
    expect(below.faceCentreY).toBeGreaterThan(plain.faceCentreY + 0.1);
  });

  test('misses shoulders that the picture does not show', async () => {
    const [picture] = await portraits();
    const input = await qualityInput(picture);
    expect(measureFace(input).shoulders).toBeGreaterThan(60);
    const rows = Math.ceil(input.scene.mesh[3 * 152 + 1] + 5);
    const cut = {
      width: picture.width,
      height: rows,
      data: picture.data.slice(0, rows * picture.width * 3),
    };
    expect(measureFace(await qualityInput(cut)).shoulders).toBe(0);
  });
});
