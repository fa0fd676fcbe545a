/** Everything known of a picture's quality as numbers by name, for the unified score and the gates. */
import type { FaceAnalysis } from '../types.ts';
import type { QualityInputs } from './unified-score.ts';

/**
 * What the networks themselves say of a face: "confidence" of the detector, "presence" of the mesh, and
 * per embedder "norm:ID" and, where it looks at the mirror image as well, "mirror:ID". They cost nothing
 * beyond the template.
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

/** The native measures that are numbers, under their own names; none when they were not taken. */
export function measureInputs({ measures = undefined }: Pick<FaceAnalysis, 'measures'>) {
  return Object.fromEntries(
    Object.entries(measures ?? {}).filter((entry): entry is [string, number] =>
      typeof entry[1] === 'number'
    ),
  );
}
