/** Confidence intervals of numbers that are no plain shares, by drawing people again (Efron and Tibshirani 1993). */
import type { ScoredPresentation } from './pad-rates.ts';

const ROUNDS = 200;

/**
 * 95 % percentile interval of a statistic. People are drawn with replacement, each with all of their
 * presentations, since those of one person are not independent. The same data give the same interval.
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
  const values = Float64Array.from(
    { length: ROUNDS },
    () => statistic(people.flatMap(() => people[next()])),
  ).sort();
  return [values[Math.floor(0.025 * ROUNDS)], values[Math.ceil(0.975 * ROUNDS) - 1]];
}
