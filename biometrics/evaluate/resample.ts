/** Confidence intervals of numbers that are no plain shares, by drawing people again (Efron and Tibshirani 1993). */
import type { ScoredPresentation } from './pad-rates.ts';

const ROUNDS = 200;

/**
 * 95 % percentile interval of a statistic. People are drawn with replacement, each with all of their
 * presentations, since those of one person are not independent. Drawings without a bona fide presentation or
 * without an attack have no error rates and are drawn again. The same data give the same interval.
 * @param presentations of both classes
 */
export function intervalOverPeople(
  presentations: readonly ScoredPresentation[],
  statistic: (presentations: readonly ScoredPresentation[]) => number,
): [low: number, high: number] {
  const people = [...Map.groupBy(presentations, ({ person }) => person).values()];
  return intervalByDrawing(people, (drawn) => {
    const all = drawn.flat();
    const bonaFide = all.filter(({ species }) => species === null).length;
    return bonaFide > 0 && bonaFide < all.length ? statistic(all) : undefined;
  });
}

/**
 * 95 % percentile interval of a statistic of `people`, drawn with replacement.
 * @param statistic undefined for a drawing that has none, which is then drawn again
 */
export function intervalByDrawing<Person>(
  people: readonly Person[],
  statistic: (drawn: readonly Person[]) => number | undefined,
): [low: number, high: number] {
  let state = 0x9e3779b9;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % people.length;
  };
  const draw = () => {
    while (true) {
      const value = statistic(people.map(() => people[next()]));
      if (value !== undefined) return value;
    }
  };
  const values = Float64Array.from({ length: ROUNDS }, draw).sort();
  return [values[Math.floor(0.025 * ROUNDS)], values[Math.ceil(0.975 * ROUNDS) - 1]];
}
