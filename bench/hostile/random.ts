/** A small seeded generator, so that a run can be repeated request by request (mulberry32). */
export interface Random {
  /** Whole number in 0..limit-1. */
  below(limit: number): number;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
    },
  };
}
