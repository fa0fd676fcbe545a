/** Frames of one presentation, as every detector of this folder takes them, and the answer of one that cannot judge. */
import type { RefinedEyes } from '../../landmarks/iris.ts';
import { MESH_POINTS } from '../../landmarks/mesh-topology.ts';
import type { FaceScene } from '../../scene.ts';
import type { DetectorVerdict } from '../verdict.ts';

export interface SequenceFrame {
  /** When the frame was taken, milliseconds from any start. */
  readonly timeMs: number;
  readonly scene: FaceScene;
  /** Sharper lids than those of the mesh, where the caller had the time to refine them. */
  readonly eyes?: RefinedEyes;
}

/** The verdict of a detector that has nothing to go by. */
export function unjudged(detector: string, reason: string): DetectorVerdict {
  return { detector, score: 0.5, confidence: 0, reason };
}

/** True when all times are numbers and each is after the one before. */
export function isOrdered(frames: readonly SequenceFrame[]): boolean {
  return frames.every(({ timeMs }, i) =>
    Number.isFinite(timeMs) && (i === 0 || timeMs > frames[i - 1].timeMs)
  );
}

/** From the first frame to the last, milliseconds; 0 without frames. */
export function durationMs(frames: readonly SequenceFrame[]): number {
  return frames.length === 0 ? 0 : frames[frames.length - 1].timeMs - frames[0].timeMs;
}

/** From one frame to the next a face moves by at most so much of its width, and grows or shrinks by at most this factor. */
const MAX_SHIFT = 0.5, MAX_GROWTH = 1.35;

/**
 * The longest run of frames in which the mesh stays on one face: where several faces are in view, the most
 * prominent one may change.
 */
export function longestTrack(frames: readonly SequenceFrame[]): readonly SequenceFrame[] {
  let best: readonly SequenceFrame[] = [], start = 0;
  let last: Extent | undefined;
  for (let i = 0; i <= frames.length; i++) {
    const here = i < frames.length ? extentOf(frames[i].scene.mesh) : undefined;
    if (here === undefined || last === undefined || !follows(last, here)) {
      if (last !== undefined && i - start > best.length) best = frames.slice(start, i);
      start = here === undefined ? i + 1 : i;
    }
    last = here;
  }
  return best;
}

interface Extent {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Middle and size of a mesh; undefined unless all its points are numbers. */
function extentOf(mesh: Float32Array): Extent | undefined {
  if (mesh.length < 3 * MESH_POINTS || !mesh.every(Number.isFinite)) return undefined;
  let x = 0, y = 0, squares = 0;
  for (let i = 0; i < MESH_POINTS; i++) {
    x += mesh[3 * i] / MESH_POINTS;
    y += mesh[3 * i + 1] / MESH_POINTS;
  }
  for (let i = 0; i < MESH_POINTS; i++) {
    squares += (mesh[3 * i] - x) ** 2 + (mesh[3 * i + 1] - y) ** 2;
  }
  // points of a face lie about 0.36 of its width from its middle
  return squares > 0 ? { x, y, size: Math.sqrt(squares / MESH_POINTS) / 0.36 } : undefined;
}

function follows(last: Extent, here: Extent): boolean {
  const growth = here.size / last.size;
  return Math.hypot(here.x - last.x, here.y - last.y) <= MAX_SHIFT * last.size &&
    growth <= MAX_GROWTH && growth >= 1 / MAX_GROWTH;
}
