/** How alike two templates are. */
import { FaceError } from '../errors.ts';
import type { FaceTemplate } from '../types.ts';

/**
 * Weighted mean of the embedders' cosines, -1..1; 1 for the same picture.
 * @throws FaceError TEMPLATE_INCOMPATIBLE when the templates come from different model packs
 */
export function similarity(a: FaceTemplate, b: FaceTemplate): number {
  if (a.modelId !== b.modelId || a.vector.length !== b.vector.length) {
    throw new FaceError(
      'TEMPLATE_INCOMPATIBLE',
      `templates of models ${a.modelId} and ${b.modelId} cannot be compared`,
    );
  }
  return dotProduct(a.vector, b.vector);
}

/** Sum of products of two vectors of one length. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  const length = a.length, aligned = length & ~3;
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (let i = 0; i < aligned; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (let i = aligned; i < length; i++) s0 += a[i] * b[i];
  return s0 + s1 + s2 + s3;
}
