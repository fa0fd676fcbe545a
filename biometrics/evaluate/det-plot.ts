/** Detection error trade-off curve as a stand-alone SVG (ISO/IEC 19795-1, 10.6.3), both axes logarithmic. */
import { BINS, binStart, type ScoreHistogram } from './score-histogram.ts';
import { fnmrAt } from './working-points.ts';

interface DetCurve {
  readonly label: string;
  readonly histogram: ScoreHistogram;
}

const WIDTH = 760, HEIGHT = 520;
const PLOT = { left: 80, top: 50, right: 730, bottom: 450 };
const FMR_RANGE = [1e-6, 1e-1] as const;
const FNMR_RANGE = [1e-3, 1] as const;
const COLOURS = ['#0b5cad', '#b3261e', '#2e7d32', '#7a4fa3'];

/**
 * Draws false non-match rate (identity-balanced) against false match rate.
 * @param title drawn above the plot
 */
export function detPlot(title: string, curves: readonly DetCurve[]): string {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="28" font-size="16" fill="#111">${escapeXml(title)}</text>`,
    ...gridLines(),
  ];
  curves.forEach(({ label, histogram }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const points = curvePoints(histogram).map(([fmr, fnmr]) => `${x(fmr)},${y(fnmr)}`).join(' ');
    parts.push(`<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    const at = PLOT.top + 18 + 20 * i;
    parts.push(
      `<path d="M${PLOT.right - 190} ${at - 4}h24" stroke="${colour}" stroke-width="2"/>`,
      `<text x="${PLOT.right - 158}" y="${at}" fill="#111">${escapeXml(label)}</text>`,
    );
  });
  parts.push('</svg>');
  return parts.join('\n') + '\n';
}

/** One point for every change of a hundredth of a decade of the false match rate. */
function curvePoints(histogram: ScoreHistogram): [number, number][] {
  const points: [number, number][] = [];
  let above = 0, last = 0;
  for (let bin = BINS - 1; bin >= 0; bin--) {
    above += histogram.impostors[bin];
    const fmr = above / histogram.impostorPairs;
    if (fmr < FMR_RANGE[0] || Math.log10(fmr / (last || 1e-12)) < 0.01) continue;
    if (fmr > FMR_RANGE[1]) break;
    last = fmr;
    points.push([fmr, Math.max(FNMR_RANGE[0], fnmrAt(histogram, binStart(bin)))]);
  }
  return points;
}

function gridLines(): string[] {
  const lines: string[] = [];
  for (let fmr = FMR_RANGE[0]; fmr <= FMR_RANGE[1] * 1.01; fmr *= 10) {
    lines.push(
      `<path d="M${x(fmr)} ${PLOT.top}V${PLOT.bottom}" stroke="#ddd"/>`,
      `<text x="${x(fmr)}" y="${PLOT.bottom + 20}" text-anchor="middle" fill="#444">1e${
        Math.round(Math.log10(fmr))
      }</text>`,
    );
  }
  for (const fnmr of [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]) {
    lines.push(
      `<path d="M${PLOT.left} ${y(fnmr)}H${PLOT.right}" stroke="#ddd"/>`,
      `<text x="${PLOT.left - 8}" y="${
        Number(y(fnmr)) + 4
      }" text-anchor="end" fill="#444">${+(fnmr * 100).toFixed(1)} %</text>`,
    );
  }
  const middleX = (PLOT.left + PLOT.right) / 2, middleY = (PLOT.top + PLOT.bottom) / 2;
  lines.push(
    `<text x="${middleX}" y="${
      PLOT.bottom + 46
    }" text-anchor="middle" fill="#111">False match rate</text>`,
    `<text transform="translate(22 ${middleY}) rotate(-90)" text-anchor="middle" fill="#111">False non-match rate</text>`,
  );
  return lines;
}

function position(value: number, range: readonly [number, number]): number {
  return Math.log(value / range[0]) / Math.log(range[1] / range[0]);
}

function x(fmr: number): string {
  return (PLOT.left + (PLOT.right - PLOT.left) * position(fmr, FMR_RANGE)).toFixed(1);
}

function y(fnmr: number): string {
  return (PLOT.bottom - (PLOT.bottom - PLOT.top) * position(fnmr, FNMR_RANGE)).toFixed(1);
}

/** Text of an XML element; control characters have no place in one. */
export function escapeXml(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
