/** Measured presentations with their labels, and how they are weighed and kept apart in fits. */
import type { PadMeasurements } from '../liveness/detector.ts';

export interface PadSample {
  /** The species of the attack instrument; null for a bona fide presentation. */
  readonly species: string | null;
  readonly person: string;
  readonly measured: PadMeasurements;
}

/** Cross-validation deals the people into as many parts. */
export const FOLDS = 5;

/** Bona fide and attacks weigh the same in sum, and so does every species among the attacks. */
export function balance(samples: readonly { readonly species: string | null }[]): number[] {
  const counts = new Map<string | null, number>();
  for (const { species } of samples) counts.set(species, (counts.get(species) ?? 0) + 1);
  const kinds = counts.size - (counts.has(null) ? 1 : 0);
  return samples.map(({ species }) => 1 / counts.get(species)! / (species === null ? 1 : kinds));
}

/**
 * A number for every sample by a model that was fitted without its fold.
 * @param folds fold of each sample, 0 to FOLDS - 1
 * @param fit gets the places of the samples to learn from; what it returns gives the number of any place
 */
export function crossFit(
  folds: readonly number[],
  fit: (train: readonly number[]) => (i: number) => number,
): Float64Array {
  const out = new Float64Array(folds.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fit(folds.flatMap((other, i) => other === fold ? [] : [i]));
    folds.forEach((own, i) => {
      if (own === fold) out[i] = model(i);
    });
  }
  return out;
}
