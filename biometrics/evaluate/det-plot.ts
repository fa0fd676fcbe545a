/** DET curves of the matcher: false non-match rate (identity-balanced) against false match rate. */
import { type DetAxis, detSvg } from './det-svg.ts';
import { BINS, binStart, type ScoreHistogram } from './score-histogram.ts';
import { fnmrAt } from './working-points.ts';

interface MatchSystem {
  readonly label: string;
  readonly histogram: ScoreHistogram;
}

const FMR: DetAxis = {
  name: 'False match rate',
  range: [1e-6, 1e-1],
  ticks: [-6, -5, -4, -3, -2, -1].map((power) => [10 ** power, `1e${power}`]),
};
const FNMR: DetAxis = {
  name: 'False non-match rate',
  range: [1e-3, 1],
  ticks: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1].map((
    rate,
  ) => [rate, `${+(rate * 100).toFixed(1)} %`]),
};

/** @param title drawn above the plot */
export function detPlot(title: string, systems: readonly MatchSystem[]): string {
  return detSvg(
    title,
    { x: FMR, y: FNMR },
    systems.map(({ label, histogram }) => ({ label, points: curvePoints(histogram) })),
    'top right',
  );
}

/** One point for every change of a hundredth of a decade of the false match rate. */
function curvePoints(histogram: ScoreHistogram): [number, number][] {
  const points: [number, number][] = [];
  let above = 0, last = 0;
  for (let bin = BINS - 1; bin >= 0; bin--) {
    above += histogram.impostors[bin];
    const fmr = above / histogram.impostorPairs;
    if (fmr < FMR.range[0] || Math.log10(fmr / (last || 1e-12)) < 0.01) continue;
    if (fmr > FMR.range[1]) break;
    last = fmr;
    points.push([fmr, Math.max(FNMR.range[0], fnmrAt(histogram, binStart(bin)))]);
  }
  return points;
}
