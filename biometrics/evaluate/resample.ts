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
  const byPerson = new Map<string, ScoredPresentation[]>();
  for (const presentation of presentations) {
    const list = byPerson.get(presentation.person);
    if (list === undefined) byPerson.set(presentation.person, [presentation]);
    else list.push(presentation);
  }
  const people = [...byPerson.values()];
  let state = 0x9e3779b9;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % people.length;
  };
  const draw = () => {
    while (true) {
      const drawn = people.flatMap(() => people[next()]);
      const bonaFide = drawn.filter(({ species }) => species === null).length;
      if (bonaFide > 0 && bonaFide < drawn.length) return drawn;
    }
  };
  const values = Float64Array.from({ length: ROUNDS }, () => statistic(draw())).sort();
  return [values[Math.floor(0.025 * ROUNDS)], values[Math.ceil(0.975 * ROUNDS) - 1]];
}
