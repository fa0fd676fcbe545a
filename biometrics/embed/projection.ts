/** What is done to a network's raw vector before it may be compared: unit length, centring, projection. */
import type { EmbeddingSpec, Pack } from '../../models/mod.ts';
import { FaceError } from '../errors.ts';

export interface Projection {
  /** Length of the result. */
  readonly size: number;
  /**
   * Unit vector of one or several views of a face: the mean of their unit vectors goes in. Throws
   * FaceError TEMPLATE_INVALID when they have no direction.
   */
  applyToViews(views: readonly Float32Array[]): Float32Array;
}

/** @throws FaceError PACK_INCOMPLETE when a file of the pack has the wrong length */
export async function createProjection(pack: Pack, spec: EmbeddingSpec): Promise<Projection> {
  const mean = spec.mean === undefined ? undefined : await floats(pack, spec.mean, spec.size);
  const rows = spec.projectedSize ?? spec.size;
  const matrix = spec.projection === undefined
    ? undefined
    : await floats(pack, spec.projection, rows * spec.size);
  const size = matrix === undefined ? spec.size : rows;

  const applyToViews = (views: readonly Float32Array[]): Float32Array => {
    const sum = new Float32Array(spec.size);
    for (const view of views) {
      const scale = 1 / length(view);
      for (let i = 0; i < sum.length; i++) sum[i] += view[i] * scale;
    }
    normalise(sum);
    if (mean !== undefined) { for (let i = 0; i < sum.length; i++) sum[i] -= mean[i]; }
    if (matrix === undefined) return normalise(sum);
    const out = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      let dot = 0;
      for (let i = 0, at = row * spec.size; i < spec.size; i++) dot += matrix[at + i] * sum[i];
      out[row] = dot;
    }
    return normalise(out);
  };
  return { size, applyToViews };
}

async function floats(pack: Pack, path: string, count: number): Promise<Float32Array> {
  const bytes = await pack.read(path);
  if (bytes.length !== count * 4) {
    throw new FaceError('PACK_INCOMPLETE', `${path}: ${bytes.length} bytes, expected ${count * 4}`);
  }
  return new Float32Array(bytes.slice().buffer);
}

function length(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

/** Scales in place to unit length; zeros and non-numbers have no direction, and must match nothing. */
function normalise(vector: Float32Array): Float32Array {
  const scale = 1 / length(vector);
  if (!Number.isFinite(scale)) {
    throw new FaceError('TEMPLATE_INVALID', 'template: a network gave a vector without direction');
  }
  for (let i = 0; i < vector.length; i++) vector[i] *= scale;
  return vector;
}
