/**
 * Mouth closed (ISO/IEC 29794-5 7.4.4) and expression neutrality (7.4.12), from the lips of the mesh.
 */

export interface Expression {
  /** 0 (wide open) to 100 (lips touch). */
  readonly mouthClosed: number;
  /** 0 (open mouth or broad smile) to 100 (lips closed, corners at rest). */
  readonly expressionNeutrality: number;
}

/** Opposite points of the inner lips, the corners, the chin and the inner corners of the eyes. */
const INNER_LIPS = [[13, 14], [82, 87], [312, 317]] as const;
const CORNERS = [61, 291] as const;
const CHIN = 152;
const INNER_EYES = [133, 362] as const;

/** Gap of the lips, as a share of the distance from eyes to chin, that halves the score. */
const HALF_AT_GAP = 0.04;
/** Distance of the mouth's corners over that of the inner corners of the eyes: 5 % and 95 % of LFW View 1. */
const REST_WIDTH = 1.3;
const SMILE_WIDTH = 1.98;

/** @param mesh x, y, z of the 468 mesh points */
export function expression(mesh: Float32Array): Expression {
  const distance = (a: number, b: number) =>
    Math.hypot(mesh[3 * a] - mesh[3 * b], mesh[3 * a + 1] - mesh[3 * b + 1]);
  const eyes = [0, 1].map((k) => (mesh[3 * INNER_EYES[0] + k] + mesh[3 * INNER_EYES[1] + k]) / 2);
  const face = Math.hypot(mesh[3 * CHIN] - eyes[0], mesh[3 * CHIN + 1] - eyes[1]);
  let gap = 0;
  for (const [upper, lower] of INNER_LIPS) gap = Math.max(gap, distance(upper, lower));
  const mouthClosed = finite(100 * Math.pow(0.5, gap / face / HALF_AT_GAP));
  const width = distance(...CORNERS) / distance(...INNER_EYES);
  const smile = Math.max(0, Math.min(1, (width - REST_WIDTH) / (SMILE_WIDTH - REST_WIDTH)));
  return { mouthClosed, expressionNeutrality: finite(Math.min(mouthClosed, 100 * (1 - smile))) };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
