/** Made-up templates of made-up people. */
import type { LabelledVector } from '../../../biometrics/evaluate/mod.ts';

/** Repeatable numbers in -1..1 (Numerical Recipes' linear congruential generator). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/**
 * Unit vectors: every person has a direction, every picture strays from it.
 * @param pictures how many pictures the person of this number has
 * @param stray how far pictures stray, 0 for not at all
 */
export function crowd(
  people: number,
  pictures: (person: number) => number,
  size: number,
  stray: number,
  seed: number,
): LabelledVector[] {
  const next = seeded(seed);
  const faces: { order: number; face: LabelledVector }[] = [];
  for (let person = 0; person < people; person++) {
    const direction = Array.from({ length: size }, next);
    for (let i = 0; i < pictures(person); i++) {
      const vector = direction.map((value) => value + stray * next());
      const length = Math.hypot(...vector);
      faces.push({
        order: next(),
        face: {
          identity: `person ${person}`,
          vector: Float32Array.from(vector, (value) => value / length),
        },
      });
    }
  }
  return faces.toSorted((a, b) => a.order - b.order).map(({ face }) => face);
}
