/** Small whole numbers of a seed, so that a run can be repeated request by request. */
import { randomNumbers } from '../../biometrics/random-numbers.ts';

export interface Random {
  /** Whole number in 0..limit-1. */
  below(limit: number): number;
}

export function seededRandom(seed: number): Random {
  const next = randomNumbers(seed);
  return { below: (limit) => Math.floor(next() * limit) };
}
