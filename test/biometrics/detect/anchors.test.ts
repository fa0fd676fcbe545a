import { describe, expect, test } from 'bun:test';
import type { AnchorDecoding } from '../../../models/mod.ts';
import { anchorCentres, decodeAnchors } from '../../../biometrics/detect/anchors.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { networkEntry } from '../support/fake-pack.ts';

const { input } = networkEntry('n', 'detector');
const decoding: AnchorDecoding = {
  kind: 'anchors',
  layers: [{ stride: 4, perCell: 1 }, { stride: 8, perCell: 2 }],
  scores: ['fine', 'coarse'],
  boxes: ['fineBoxes', 'coarseBoxes'],
  keyPoints: 2,
  minScore: 0.5,
  maxOverlap: 0.3,
};
const centres = anchorCentres(input, decoding);
const tensors = () => ({
  fine: new Float32Array(4).fill(-9),
  fineBoxes: new Float32Array(4 * 8),
  coarse: new Float32Array(2).fill(-9),
  coarseBoxes: new Float32Array(2 * 8),
});

describe('anchorCentres', () => {
  test('lie in the middle of every cell, row by row, layer after layer', () => {
    expect([...centres]).toEqual([2, 2, 6, 2, 2, 6, 6, 6, 4, 4, 4, 4]);
  });

  test('cover a side that is no multiple of the stride', () => {
    const odd = anchorCentres({ ...input, width: 9 }, {
      ...decoding,
      layers: [{ stride: 4, perCell: 1 }],
    });
    expect(odd.length).toBe(2 * 3 * 2);
  });
});

describe('decodeAnchors', () => {
  test('places box and key points around the anchor, in picture pixels', () => {
    const result = tensors();
    result.fine[1] = 2; // centre (6, 2)
    result.fineBoxes.set([1, -1, 4, 2, 0.5, 0.5, -2, 0], 8);
    const [face, ...others] = decodeAnchors(result, decoding, centres, [10, 0, 100, 0, 10, 200]);
    expect(others).toEqual([]);
    // The network's pixel corner (7, 1) is our pixel centre (6.5, 0.5): 100 + 65, 200 + 5.
    expect(face.box).toEqual({ left: 145, top: 195, right: 185, bottom: 215 });
    expect([...face.keyPoints]).toEqual([160, 220, 135, 215]);
    expect(face.confidence).toBeCloseTo(1 / (1 + Math.exp(-2)), 9);
  });

  test('reads later layers with their own tensors', () => {
    const result = tensors();
    result.coarse[1] = 0; // exactly the minimum of one half
    result.coarseBoxes.set([0, 0, 8, 8], 8);
    const [face] = decodeAnchors(result, decoding, centres, [1, 0, 0, 0, 1, 0]);
    expect(face.box).toEqual({ left: -0.5, top: -0.5, right: 7.5, bottom: 7.5 });
    expect(face.confidence).toBe(0.5);
  });

  test('finds nothing below the minimum, nor in scores that are not numbers', () => {
    const result = tensors();
    result.fine.set([-0.01, NaN, -Infinity, -100]);
    expect(decodeAnchors(result, decoding, centres, [1, 0, 0, 0, 1, 0])).toEqual([]);
  });

  test('refuses a network with another number of anchors', () => {
    const result = { ...tensors(), fine: new Float32Array(5) };
    const attempt = () => decodeAnchors(result, decoding, centres, [1, 0, 0, 0, 1, 0]);
    expect(attempt).toThrow(FaceError);
    expect(attempt).toThrow('detector: 7 anchors, its decoding has 6');
  });
});
