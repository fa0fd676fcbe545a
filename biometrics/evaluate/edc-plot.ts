/** Error-versus-discard characteristic as a stand-alone SVG: false non-match rate over the share rejected. */
import type { DiscardPoint } from './error-discard.ts';
import { escapeXml } from './xml.ts';

interface EdcCurve {
  readonly label: string;
  readonly points: readonly DiscardPoint[];
}

const WIDTH = 760, HEIGHT = 460;
const PLOT = { left: 80, top: 50, right: 730, bottom: 390 };
const COLOURS = ['#0b5cad', '#b3261e', '#2e7d32', '#7a4fa3', '#a15c00', '#00838f', '#555'];
/** Grid lines of the vertical axis, at most. */
const LINES = 6;

/**
 * Draws the curves over their common range of shares, the first one thicker.
 * @param title drawn above the plot
 */
export function edcPlot(title: string, curves: readonly EdcCurve[]): string {
  const all = curves.flatMap(({ points }) => points);
  const widest = Math.max(...all.map(({ discarded }) => discarded), 0.01);
  const highest = Math.max(...all.map(({ fnmr }) => fnmr), 1e-4);
  const step =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((candidate) =>
      highest / candidate <= LINES
    ) ?? 1;
  const top = Math.ceil(highest / step) * step;
  const x = (share: number) => (PLOT.left + (PLOT.right - PLOT.left) * share / widest).toFixed(1);
  const y = (rate: number) => (PLOT.bottom - (PLOT.bottom - PLOT.top) * rate / top).toFixed(1);
  const percent = (value: number) => `${+(100 * value).toFixed(1)} %`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="28" font-size="16" fill="#111">${escapeXml(title)}</text>`,
  ];
  for (let rate = 0; rate <= top + step / 2; rate += step) {
    parts.push(
      `<path d="M${PLOT.left} ${y(rate)}H${PLOT.right}" stroke="#ddd"/>`,
      `<text x="${PLOT.left - 8}" y="${Number(y(rate)) + 4}" text-anchor="end" fill="#444">${
        percent(rate)
      }</text>`,
    );
  }
  for (let i = 0; i <= 6; i++) {
    const share = widest * i / 6;
    parts.push(
      `<path d="M${x(share)} ${PLOT.top}V${PLOT.bottom}" stroke="#eee"/>`,
      `<text x="${x(share)}" y="${PLOT.bottom + 20}" text-anchor="middle" fill="#444">${
        percent(share)
      }</text>`,
    );
  }
  curves.forEach(({ label, points }, i) => {
    const colour = COLOURS[i % COLOURS.length], width = i === 0 ? 3 : 1.5;
    const line = points.map(({ discarded, fnmr }) => `${x(discarded)},${y(fnmr)}`).join(' ');
    const at = PLOT.bottom - 12 - 20 * (curves.length - 1 - i);
    parts.push(
      `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="${width}"/>`,
      `<path d="M${PLOT.left + 16} ${at - 4}h24" stroke="${colour}" stroke-width="${width}"/>`,
      `<text x="${PLOT.left + 48}" y="${at}" fill="#111">${escapeXml(label)}</text>`,
    );
  });
  const middleX = (PLOT.left + PLOT.right) / 2, middleY = (PLOT.top + PLOT.bottom) / 2;
  parts.push(
    `<text x="${middleX}" y="${
      PLOT.bottom + 46
    }" text-anchor="middle" fill="#111">Share of pictures rejected</text>`,
    `<text transform="translate(22 ${middleY}) rotate(-90)" text-anchor="middle" fill="#111">False non-match rate</text>`,
    '</svg>',
  );
  return parts.join('\n') + '\n';
}
