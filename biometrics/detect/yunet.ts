/**
 * Turns the raw output of YuNet into faces (Wu et al. 2023, YuNet: A Tiny Millisecond-level Face Detector):
 * every cell of a grid says how sure it is, where the box of its face lies and where five points are.
 */
import type { NetworkInput, YuNetDecoding } from '../../models/mod.ts';
import { type Affine, type Point, scaleOf, transform } from '../align/affine.ts';
import { FaceError } from '../errors.ts';
import type { NetworkResult } from '../runtime/network.ts';
import type { DetectedFace } from '../types.ts';

/** Right eye, left eye, nose tip, right and left corner of the mouth, of the person. */
const POINTS = 5;

/**
 * Faces whose score reaches the decoding's minimum, in picture coordinates, not yet merged. The score is
 * the geometric mean of class and object score. The ears, which YuNet does not know, are left out of the
 * key points.
 * @param m crop pixel -> picture pixel of the crop the network saw
 * @throws FaceError PACK_INCOMPLETE when the network has another grid than the decoding
 */
export function decodeYuNet(
  result: NetworkResult,
  { strides, minScore }: YuNetDecoding,
  input: NetworkInput,
  m: Affine,
): DetectedFace[] {
  const faces: DetectedFace[] = [];
  const scale = scaleOf(m);
  for (const stride of strides) {
    const [cls, obj, bbox, kps] = ['cls', 'obj', 'bbox', 'kps']
      .map((role) => result[`${role}_${stride}`]);
    const columns = input.width / stride;
    const cells = columns * input.height / stride;
    if (
      cls.length !== cells || obj.length !== cells || bbox.length !== 4 * cells ||
      kps.length !== 2 * POINTS * cells
    ) {
      throw new FaceError(
        'PACK_INCOMPLETE',
        `detector: ${cls.length} cells at stride ${stride}, its input has ${cells}`,
      );
    }
    for (let i = 0; i < cells; i++) {
      const confidence = Math.sqrt(unit(cls[i]) * unit(obj[i]));
      if (!(confidence >= minScore)) continue;
      const column = i % columns, row = Math.floor(i / columns);
      // Pixel positions of the network count from the pixel's corner, ours from its centre.
      const place = (dx: number, dy: number): Point =>
        transform(m, (column + dx) * stride - 0.5, (row + dy) * stride - 0.5);
      const [x, y] = place(bbox[4 * i], bbox[4 * i + 1]);
      const halfWidth = Math.exp(bbox[4 * i + 2]) * stride * scale / 2;
      const halfHeight = Math.exp(bbox[4 * i + 3]) * stride * scale / 2;
      const points = Array.from(
        { length: POINTS },
        (_, k) => place(kps[2 * (POINTS * i + k)], kps[2 * (POINTS * i + k) + 1]),
      );
      const [rightEye, leftEye, nose, mouthRight, mouthLeft] = points;
      const mouth = [(mouthRight[0] + mouthLeft[0]) / 2, (mouthRight[1] + mouthLeft[1]) / 2];
      faces.push({
        box: {
          left: x - halfWidth,
          top: y - halfHeight,
          right: x + halfWidth,
          bottom: y + halfHeight,
        },
        confidence,
        keyPoints: Float32Array.from([rightEye, leftEye, nose, mouth].flat()),
      });
    }
  }
  return faces;
}

function unit(score: number): number {
  return Math.min(1, Math.max(0, score));
}
