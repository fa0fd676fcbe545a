/** DET curves of presentation attack detection: BPCER against the APCER of the worst species (ISO/IEC 30107-3). */
import { type DetAxis, detSvg } from './det-svg.ts';
import { pointRates, type ScoredPresentation } from './pad-rates.ts';

const TICKS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1].map((rate): readonly [number, string] => [
  rate,
  `${+(rate * 100).toFixed(1)} %`,
]);
const axis = (name: string): DetAxis => ({ name, range: [0.001, 1], ticks: TICKS });

/** Points per curve, at even ranks of the attack scores. */
const POINTS = 200;

/** @param title drawn above the plot */
export function padDetPlot(
  title: string,
  systems: readonly { readonly label: string; readonly scores: readonly ScoredPresentation[] }[],
): string {
  return detSvg(
    title,
    { x: axis('APCER of the worst species'), y: axis('BPCER') },
    systems.map(({ label, scores }) => ({ label, points: curve(scores) })),
    'bottom left',
  );
}

function curve(scores: readonly ScoredPresentation[]): [number, number][] {
  const thresholds = scores.map(({ score }) => score).toSorted((a, b) => b - a);
  const points: [number, number][] = [];
  for (let i = 0; i <= POINTS; i++) {
    const threshold = thresholds[Math.floor((thresholds.length - 1) * i / POINTS)];
    const { apcer, bpcer } = pointRates(scores, threshold);
    const point: [number, number] = [Math.max(0.001, apcer), Math.max(0.001, bpcer)];
    const last = points.at(-1);
    if (last === undefined || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  return points;
}
