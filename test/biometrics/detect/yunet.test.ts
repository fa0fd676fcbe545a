import { describe, expect, test } from 'bun:test';
import { decodeYuNet } from '../../../biometrics/detect/yunet.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import type { YuNetDecoding } from '../../../models/mod.ts';
import { networkEntry } from '../support/fake-pack.ts';

const { input } = networkEntry('n', 'detector');
const rule: YuNetDecoding = { kind: 'yunet', strides: [4, 8], minScore: 0.5, maxOverlap: 0.3 };

/** A grid of 2 x 2 cells and one of 1 x 1. */
function tensors() {
  const grid = (stride: number, cells: number) => ({
    [`cls_${stride}`]: new Float32Array(cells),
    [`obj_${stride}`]: new Float32Array(cells),
    [`bbox_${stride}`]: new Float32Array(4 * cells),
    [`kps_${stride}`]: new Float32Array(10 * cells),
  });
  return { ...grid(4, 4), ...grid(8, 1) };
}

/** The crop is the picture at half its size. */
const half = [2, 0, 0.5, 0, 2, 0.5] as const;

describe('decodeYuNet', () => {
  test('finds a face in the cell that is sure of it', () => {
    const result = tensors();
    result.cls_4[3] = 0.81;
    result.obj_4[3] = 1;
    // cell (1, 1), centre at 6, 5 of the crop counted from the corner, 4 high
    result.bbox_4.set([0.5, 0.25, Math.log(2), 0], 12);
    result.kps_4.set([0, 0, 1, 0, 0.5, 0.5, 0.25, 1, 0.75, 1], 30);
    const [face, ...others] = decodeYuNet(result, rule, input, half);
    expect(others).toEqual([]);
    expect(face.confidence).toBeCloseTo(0.9);
    // 11.5, 9.5 in the picture counted from the centre, 8 high; the square is shorter and lies lower
    const { left, top, right, bottom } = face.box;
    expect(right - left).toBeCloseTo(8 * 0.803);
    expect(bottom - top).toBeCloseTo(8 * 0.803);
    expect([(left + right) / 2, (top + bottom) / 2].map((v) => Math.round(v * 1e4) / 1e4))
      .toEqual([11.5, 9.5 + 8 * 0.082]);
    // eyes, nose, and the mouth's corners as their middle
    expect([...face.keyPoints]).toEqual([7.5, 7.5, 15.5, 7.5, 11.5, 11.5, 11.5, 15.5]);
  });

  test('takes the mean of both scores, and none above one', () => {
    const result = tensors();
    result.cls_8[0] = 1.4;
    result.obj_8[0] = 0.24;
    expect(decodeYuNet(result, rule, input, half)).toEqual([]);
    result.obj_8[0] = 0.26;
    expect(decodeYuNet(result, rule, input, half)[0].confidence).toBeCloseTo(Math.sqrt(0.26));
  });

  test('is not led astray by scores that are no numbers', () => {
    const result = tensors();
    result.cls_8[0] = NaN;
    result.obj_8[0] = 1;
    expect(decodeYuNet(result, rule, input, half)).toEqual([]);
  });

  test('refuses a network with another grid', () => {
    for (const role of ['cls_4', 'obj_4', 'bbox_8', 'kps_8']) {
      const result = { ...tensors(), [role]: new Float32Array(7) };
      expect(() => decodeYuNet(result, rule, input, half)).toThrow(FaceError);
    }
  });
});
