/** Frames made of a mesh and a picture, without a network. */
import { Pyramid } from '../../../biometrics/align/pyramid.ts';
import type { SequenceFrame } from '../../../biometrics/liveness/sequence/frame.ts';
import type { Picture } from '../../../biometrics/types.ts';
import { paint } from './pictures.ts';

const GREY = paint(8, 8, () => [128, 128, 128]);

/** @param mesh x, y, z of 468 points */
export function frameOf(
  timeMs: number,
  mesh: Float32Array,
  picture: Picture = GREY,
): SequenceFrame {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < mesh.length; i += 3) {
    [left, right] = [Math.min(left, mesh[i]), Math.max(right, mesh[i])];
    [top, bottom] = [Math.min(top, mesh[i + 1]), Math.max(bottom, mesh[i + 1])];
  }
  const face = {
    box: { left, right, top, bottom },
    confidence: 1,
    keyPoints: new Float32Array(12),
  };
  return { timeMs, scene: { pyramid: new Pyramid(picture), faces: [face], mesh } };
}

/** A mesh with some of its points elsewhere. */
export function withPoints(
  mesh: Float32Array,
  points: Readonly<Record<number, readonly [x: number, y: number]>>,
): Float32Array {
  const out = mesh.slice();
  for (const [index, [x, y]] of Object.entries(points)) out.set([x, y], 3 * Number(index));
  return out;
}
