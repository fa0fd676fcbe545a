/**
 * Turns the raw output of a BlazeFace-family detector into faces: every anchor has a score and
 * offsets of a box and key points from its centre (Bazarevsky et al. 2019, BlazeFace).
 */
import type { AnchorDecoding, NetworkInput } from '../../models/mod.ts';
import type { NetworkResult } from '../runtime/network.ts';
import { type Affine, scaleOf, transform } from '../align/affine.ts';
import { FaceError } from '../errors.ts';
import type { DetectedFace } from '../types.ts';

/** Centres of all anchors in input pixels, x and y in turn, in the order of the network's outputs. */
export function anchorCentres(
  input: Pick<NetworkInput, 'width' | 'height'>,
  decoding: AnchorDecoding,
): Float32Array {
  const centres: number[] = [];
  for (const { stride, perCell } of decoding.layers) {
    for (let row = 0; row < Math.ceil(input.height / stride); row++) {
      for (let column = 0; column < Math.ceil(input.width / stride); column++) {
        for (let k = 0; k < perCell; k++) {
          centres.push(stride * (column + 0.5), stride * (row + 0.5));
        }
      }
    }
  }
  return Float32Array.from(centres);
}

/**
 * Faces whose probability reaches the decoding's minimum, in picture coordinates, not yet merged.
 * @param decoding names its tensors by their roles in `result`
 * @param m crop pixel -> picture pixel of the crop the network saw
 * @throws FaceError PACK_INCOMPLETE when the network has another number of anchors than the decoding
 */
export function decodeAnchors(
  result: NetworkResult,
  decoding: AnchorDecoding,
  centres: Float32Array,
  m: Affine,
): DetectedFace[] {
  const faces: DetectedFace[] = [];
  const minLogit = Math.log(decoding.minScore / (1 - decoding.minScore));
  const stride = 4 + 2 * decoding.keyPoints;
  const scale = scaleOf(m);
  const anchors = decoding.scores.reduce((sum, role) => sum + result[role].length, 0);
  if (2 * anchors !== centres.length) {
    throw new FaceError(
      'PACK_INCOMPLETE',
      `detector: ${anchors} anchors, its decoding has ${centres.length / 2}`,
    );
  }
  let anchor = 0;
  decoding.scores.forEach((role, layer) => {
    const scores = result[role], boxes = result[decoding.boxes[layer]];
    for (let i = 0; i < scores.length; i++, anchor++) {
      if (!(scores[i] >= minLogit)) continue;
      const at = i * stride, cx = centres[2 * anchor], cy = centres[2 * anchor + 1];
      // Pixel positions of the network count from the pixel's corner, ours from its centre.
      const place = (dx: number, dy: number) => transform(m, dx + cx - 0.5, dy + cy - 0.5);
      const [x, y] = place(boxes[at], boxes[at + 1]);
      const halfWidth = boxes[at + 2] * scale / 2, halfHeight = boxes[at + 3] * scale / 2;
      const keyPoints = new Float32Array(2 * decoding.keyPoints);
      for (let k = 0; k < decoding.keyPoints; k++) {
        keyPoints.set(place(boxes[at + 4 + 2 * k], boxes[at + 5 + 2 * k]), 2 * k);
      }
      faces.push({
        box: {
          left: x - halfWidth,
          top: y - halfHeight,
          right: x + halfWidth,
          bottom: y + halfHeight,
        },
        confidence: 1 / (1 + Math.exp(-scores[i])),
        keyPoints,
      });
    }
  });
  return faces;
}
