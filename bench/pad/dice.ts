/** Seeded random choices: one seed gives one picture, whatever else was made before it. */
import { seededRandom } from '../hostile/random.ts';

const NORMALS = 1 << 16;

export class Dice {
  readonly #below: (limit: number) => number;

  /** @param seed any text; equal texts give equal choices */
  constructor(seed: string) {
    let hash = 0x811c9dc5;
    // FNV-1a, to spread texts that differ in one letter over the seeds.
    for (const byte of new TextEncoder().encode(seed)) {
      hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    }
    const random = seededRandom(hash);
    this.#below = (limit) => random.below(limit);
  }

  /** Even in [from, to). */
  range(from: number, to: number): number {
    return from + (to - from) * this.#below(2 ** 32) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.range(0, 1) < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)];
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.range(0, 1))) *
      Math.cos(2 * Math.PI * this.range(0, 1));
  }

  /** A generator of standard normal numbers for many pixels: draws from a table of this seed. */
  normals(): () => number {
    const table = Float32Array.from({ length: NORMALS }, () => this.normal());
    let state = this.#below(2 ** 32) | 1;
    return () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return table[state & (NORMALS - 1)];
    };
  }
}
