/** Confidence intervals of false non-match rates, over people: the pairs of one person are not independent. */
import { dotProduct } from '../match/similarity.ts';
import { clopperPearson } from './intervals.ts';
import { intervalByDrawing } from './resample.ts';
import type { LabelledVector } from './score-histogram.ts';

/**
 * 95 % intervals of the FNMR that `fnmrAt` gives, from drawing people again. Where every drawing gives the
 * same rate, none or all, the interval is the exact one of that many people.
 * @param faces of at least one person with two pictures
 * @returns one for each threshold
 */
export function fnmrIntervals(
  faces: readonly LabelledVector[],
  thresholds: readonly number[],
): [low: number, high: number][] {
  const people = [...Map.groupBy(faces, ({ identity }) => identity).values()]
    .filter(({ length }) => length > 1).map(similaritiesWithin);
  return thresholds.map((threshold) => {
    const rates = people.map((own) => own.filter((value) => value < threshold).length / own.length);
    const mean = (drawn: readonly number[]) => drawn.reduce((a, b) => a + b, 0) / drawn.length;
    const [low, high] = intervalByDrawing(rates, mean);
    const exact = (errors: number) => clopperPearson(errors, rates.length);
    if (high === 0) return exact(0);
    return low === 1 ? exact(rates.length) : [low, high];
  });
}

function similaritiesWithin(faces: readonly LabelledVector[]): number[] {
  return faces.flatMap((a, i) => faces.slice(i + 1).map((b) => dotProduct(a.vector, b.vector)));
}
