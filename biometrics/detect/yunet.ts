/**
 * Turns the raw output of YuNet into faces (Wu et al. 2023, YuNet: A Tiny Millisecond-level Face Detector):
 * every cell of a grid says how sure it is, where the box of its face lies and where five points are. Boxes
 * are turned into the squares that the rest of the pipeline means by a face box.
 */
import { type NetworkInput, type YuNetDecoding, yuNetOutputs } from '../../models/mod.ts';
import { type Affine, type Point, scaleOf, transform } from '../align/affine.ts';
import { FaceError } from '../errors.ts';
import type { NetworkResult } from '../runtime/network.ts';
import type { DetectedFace } from '../types.ts';

/** Right eye, left eye, nose tip, right and left corner of the mouth, of the person. */
const POINTS = 5;

/**
 * YuNet's boxes reach from hairline to chin; the mesh's crop, and every size that is compared with a face
 * box, is in terms of BlazeFace's squares from brows to chin. Side of that square and how far its centre
 * lies below the box's, as shares of the box's height: medians over 300 pictures of LFW View 1.
 */
const SQUARE_SIDE = 0.803;
const SQUARE_BELOW = 0.082;

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
    const [cls, obj, bbox, kps] = yuNetOutputs(stride).map((role) => result[role]);
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
      const height = Math.exp(bbox[4 * i + 3]) * stride * scale;
      const [x, middle] = place(bbox[4 * i], bbox[4 * i + 1]);
      const y = middle + SQUARE_BELOW * height, half = SQUARE_SIDE * height / 2;
      const points = Array.from(
        { length: POINTS },
        (_, k) => place(kps[2 * (POINTS * i + k)], kps[2 * (POINTS * i + k) + 1]),
      );
      const [rightEye, leftEye, nose, mouthRight, mouthLeft] = points;
      const mouth = [(mouthRight[0] + mouthLeft[0]) / 2, (mouthRight[1] + mouthLeft[1]) / 2];
      faces.push({
        box: { left: x - half, top: y - half, right: x + half, bottom: y + half },
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
