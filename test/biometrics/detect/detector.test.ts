import { describe, expect, test } from 'bun:test';
import type { Network } from '../../../models/mod.ts';
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import { createDetector } from '../../../biometrics/detect/detector.ts';
import { fakeLoader, fakePack, networkEntry } from '../support/fake-pack.ts';
import { paint } from '../support/pictures.ts';

const entry = networkEntry('finder', 'detector', {
  outputs: { how: 'Identity_1', where: 'Identity_2' },
  decode: {
    kind: 'anchors',
    layers: [{ stride: 8, perCell: 1 }],
    scores: ['Identity_1'],
    boxes: ['Identity_2'],
    keyPoints: 0,
    minScore: 0.5,
    maxOverlap: 0.3,
  },
});
/** Red tells the column, green the row: what a view shows says where it looks. */
const pyramid = new Pyramid(paint(160, 80, (x, y) => [x, y, 50]));

/** A detector whose network finds one face of 2 x 2 input pixels in the views of these numbers. */
async function detectorSeeing(views: readonly number[], network: Network = entry) {
  const pack = fakePack([network]);
  const { loader, calls } = fakeLoader(pack, (_, i) => ({
    how: Float32Array.of(views.includes(i) ? 3 : -3),
    where: Float32Array.of(0, 0, 2, 2),
  }));
  return { detector: await createDetector('finder', loader), calls };
}

describe('detector', () => {
  test('looks once when the whole frame shows a face', async () => {
    const { detector, calls } = await detectorSeeing([0]);
    const [face, ...others] = await detector.detect(pyramid);
    expect(calls.length).toBe(1);
    expect(others).toEqual([]);
    // 160 pixels of width in 8: the middle, 2 x 20 pixels wide.
    expect(face.box).toEqual({ left: 59.5, top: 19.5, right: 99.5, bottom: 59.5 });
  });

  test('looks from further away when the frame shows nothing', async () => {
    const { detector, calls } = await detectorSeeing([1]);
    const [face] = await detector.detect(pyramid);
    expect(calls.length).toBe(2);
    expect(face.box).toEqual({ left: 39.5, top: -0.5, right: 119.5, bottom: 79.5 });
    // From further away the picture fills half the crop: black all around it.
    const blue = Array.from({ length: 64 }, (_, i) => calls[1].data[3 * i + 2]);
    expect(blue.slice(0, 16).every((value) => value === 0)).toBe(true);
    expect(blue[3 * 8 + 3]).toBe(50);
  });

  test('looks at four overlapping quarters last, and joins what they show', async () => {
    const { detector, calls } = await detectorSeeing([2, 5]);
    const faces = await detector.detect(pyramid);
    expect(calls.length).toBe(6);
    expect(faces.map(({ box }) => (box.left + box.right) / 2).sort((a, b) => a - b)).toEqual([
      49.5,
      109.5,
    ]);
    const red = (call: number) => calls[call].data.filter((_, i) => i % 3 === 0);
    expect(Math.max(...red(2))).toBeLessThan(100);
    expect(Math.min(...red(3).filter((value) => value > 0))).toBeGreaterThan(59);
  });

  test('finds nothing where no view shows a face', async () => {
    const { detector, calls } = await detectorSeeing([]);
    expect(await detector.detect(pyramid)).toEqual([]);
    expect(calls.length).toBe(6);
  });

  test('refuses a network without a decoding rule, or whose rule names no output', async () => {
    await expect(detectorSeeing([], { ...entry, decode: undefined })).rejects.toMatchObject({
      code: 'PACK_INCOMPLETE',
      message: 'network finder: no decoding rule',
    });
    await expect(detectorSeeing([], { ...entry, outputs: { how: 'Identity_1' } })).rejects
      .toMatchObject({
        code: 'PACK_INCOMPLETE',
        message: 'network finder: no output role for tensor Identity_2',
      });
  });
});
