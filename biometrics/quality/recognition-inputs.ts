/** What the networks themselves say of a face, as inputs of the unified score; they cost nothing extra. */
import type { FaceAnalysis } from '../types.ts';
import type { QualityInputs } from './unified-score.ts';

/**
 * "confidence" of the detector, "presence" of the mesh, and per embedder "norm:ID" and, where it looks
 * at the mirror image as well, "mirror:ID".
 */
export function recognitionInputs(
  { faces, signals }: Pick<FaceAnalysis, 'faces' | 'signals'>,
): QualityInputs {
  const inputs: Record<string, number> = {
    confidence: faces[0].confidence,
    presence: signals.presence,
  };
  for (const { id, norm, mirrorAgreement } of signals.embedders) {
    inputs[`norm:${id}`] = norm;
    if (mirrorAgreement !== undefined) inputs[`mirror:${id}`] = mirrorAgreement;
  }
  return inputs;
}
