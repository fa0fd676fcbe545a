/** Detection error trade-off curves as a stand-alone SVG (ISO/IEC 19795-1, 10.6.3), both axes logarithmic. */
import { escapeXml } from './xml.ts';

/** One system: points of both error rates, in the order of the threshold. */
export interface DetCurve {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface DetAxis {
  readonly name: string;
  readonly range: readonly [low: number, high: number];
  /** Values with a grid line, and what is written beside each. */
  readonly ticks: readonly (readonly [value: number, label: string])[];
}

const WIDTH = 760, HEIGHT = 520;
const PLOT = { left: 80, top: 50, right: 730, bottom: 450 };
const COLOURS = [
  '#0b5cad',
  '#b3261e',
  '#2e7d32',
  '#7a4fa3',
  '#b8860b',
  '#00838f',
  '#ad1457',
  '#5d4037',
  '#546e7a',
  '#9e9d24',
  '#37474f',
  '#000000',
];

/**
 * @param title drawn above the plot
 * @param legend the corner that the curves leave free
 */
export function detSvg(
  title: string,
  axes: { readonly x: DetAxis; readonly y: DetAxis },
  curves: readonly DetCurve[],
  legend: 'top right' | 'bottom left',
): string {
  const x = (value: number) => along(value, axes.x, PLOT.left, PLOT.right);
  const y = (value: number) => along(value, axes.y, PLOT.bottom, PLOT.top);
  const middleX = (PLOT.left + PLOT.right) / 2, middleY = (PLOT.top + PLOT.bottom) / 2;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${PLOT.left}" y="28" font-size="16" fill="#111">${escapeXml(title)}</text>`,
    ...axes.x.ticks.flatMap(([value, label]) => [
      `<path d="M${x(value)} ${PLOT.top}V${PLOT.bottom}" stroke="#ddd"/>`,
      `<text x="${x(value)}" y="${
        PLOT.bottom + 20
      }" text-anchor="middle" fill="#444">${label}</text>`,
    ]),
    ...axes.y.ticks.flatMap(([value, label]) => [
      `<path d="M${PLOT.left} ${y(value)}H${PLOT.right}" stroke="#ddd"/>`,
      `<text x="${PLOT.left - 8}" y="${
        Number(y(value)) + 4
      }" text-anchor="end" fill="#444">${label}</text>`,
    ]),
    `<text x="${middleX}" y="${
      PLOT.bottom + 46
    }" text-anchor="middle" fill="#111">${axes.x.name}</text>`,
    `<text transform="translate(22 ${middleY}) rotate(-90)" text-anchor="middle" fill="#111">${axes.y.name}</text>`,
  ];
  curves.forEach(({ label, points }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    const line = points.map(([u, v]) => `${x(u)},${y(v)}`).join(' ');
    parts.push(`<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    const atRight = legend === 'top right';
    const left = atRight ? PLOT.right - 190 : PLOT.left + 14;
    const at = atRight ? PLOT.top + 18 + 20 * i : PLOT.bottom - 8 - 20 * (curves.length - 1 - i);
    parts.push(
      `<path d="M${left} ${at - 4}h24" stroke="${colour}" stroke-width="2"/>`,
      `<text x="${left + 32}" y="${at}" fill="#111">${escapeXml(label)}</text>`,
    );
  });
  parts.push('</svg>');
  return parts.join('\n') + '\n';
}

/** Where a value lies between two ends of a logarithmic axis, to a tenth. */
export function along(
  value: number,
  { range }: Pick<DetAxis, 'range'>,
  from: number,
  to: number,
): string {
  const share = Math.log(value / range[0]) / Math.log(range[1] / range[0]);
  return (from + (to - from) * share).toFixed(1);
}
