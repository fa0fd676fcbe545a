/**
 * Requests per second and core of each endpoint as a stand-alone SVG: horizontal bars on a logarithmic axis, in
 * the colours that the viewer's page asks for, with every number in text.
 */
import { along } from '../../biometrics/evaluate/det-svg.ts';
import { escapeXml } from '../../biometrics/evaluate/xml.ts';

export interface EndpointRate {
  /** Path behind `/api/v1/`, and what tells it from another of the same. */
  readonly name: string;
  /** Requests per second of a core's time. */
  readonly perCore: number;
  /** The same of nothing but the networks, where any have work. */
  readonly barePerCore?: number;
  /** What the vendor publishes, lowest and highest. */
  readonly published?: readonly [number, number];
}

const WIDTH = 760, TOP = 92, BAR = 12, GAP = 12;
const PLOT = { left: 250, right: 700 };
/** Requests per second of a core, from a power of ten to another. */
const AXIS = { range: [0.01, 100_000] } as const;
const SERIES = [
  ['ours', 'through HTTP'],
  ['bare', 'nothing but the networks'],
  ['theirs', 'published by the vendor of the API'],
] as const;

const STYLE = `
  svg { --page: #fff; --text: #1b1b1b; --soft: #555; --line: #ddd; --ours: #0b5cad; --bare: #9db8d2; --theirs: #b3261e }
  @media (prefers-color-scheme: dark) {
    svg { --page: #0d1117; --text: #f0f0f0; --soft: #a9b1bb; --line: #30363d; --ours: #6cb2ff; --bare: #3f5f80; --theirs: #ff8a80 }
  }
  text { fill: var(--text) } .soft { fill: var(--soft) } path { stroke: var(--line) }
  .ours { fill: var(--ours) } .bare { fill: var(--bare) } .theirs { fill: var(--theirs) }`;

/** @param machine what was measured on, for the line below the title */
export function ratesChart(machine: string, rates: readonly EndpointRate[]): string {
  const rows: string[] = [];
  let bottom = TOP;
  for (const rate of rates) {
    const bars = barsOf(rate);
    rows.push(
      `<text x="${PLOT.left - 8}" y="${bottom + 11}" text-anchor="end">${
        escapeXml(rate.name)
      }</text>`,
      ...bars.map((draw, i) => draw(bottom + i * BAR)),
    );
    bottom += bars.length * BAR + GAP;
  }
  const height = bottom + 54, middle = (PLOT.left + PLOT.right) / 2;
  const title = 'IDENTY API: requests per second of one core';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(inWords(machine, rates))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect width="${WIDTH}" height="${height}" style="fill: var(--page)"/>`,
    `<text x="16" y="28" font-size="16">${escapeXml(title)}</text>`,
    `<text x="16" y="48" class="soft">${
      escapeXml(machine)
    }, by processor time; published rates: other machines, measured by others</text>`,
    ...legend(),
    ...axis(bottom),
    `<text x="${middle}" y="${
      bottom + 40
    }" text-anchor="middle">requests per second of one core’s time, logarithmic</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function legend(): string[] {
  let left = 16;
  return SERIES.flatMap(([name, label]) => {
    const at = left;
    left += 36 + 7 * label.length;
    return [
      `<rect x="${at}" y="62" width="12" height="12" class="${name}"/>`,
      `<text x="${at + 18}" y="73">${label}</text>`,
    ];
  });
}

function axis(bottom: number): string[] {
  const [low, high] = AXIS.range;
  const powers = Math.round(Math.log10(high / low));
  return Array.from({ length: powers + 1 }, (_, i) => {
    const value = low * 10 ** i, at = x(value);
    return `<path d="M${at} ${TOP - 8}V${bottom}"/><text x="${at}" y="${
      bottom + 18
    }" text-anchor="middle" class="soft">${short(value)}</text>`;
  });
}

/** What is drawn of an endpoint, each at a height that is still to be given. */
function barsOf({ perCore, barePerCore, published }: EndpointRate): ((top: number) => string)[] {
  const [low] = AXIS.range;
  return [
    bar('ours', [low, perCore], short(perCore)),
    ...(barePerCore === undefined ? [] : [bar('bare', [low, barePerCore], short(barePerCore))]),
    ...(published === undefined ? [] : [bar('theirs', published, hundredths(published, '–'))]),
  ];
}

/** From one rate to another, with its number behind it. */
function bar(series: string, [from, to]: readonly [number, number], label: string) {
  const left = x(from), width = Math.max(2, x(to) - left);
  return (top: number) =>
    `<rect x="${left}" y="${top}" width="${width.toFixed(1)}" height="${
      BAR - 1
    }" class="${series}"/>` +
    `<text x="${(left + width + 5).toFixed(1)}" y="${top + 10}" font-size="11">${label}</text>`;
}

function x(rate: number): number {
  const [low, high] = AXIS.range;
  return Number(along(Math.min(high, Math.max(low, rate)), AXIS, PLOT.left, PLOT.right));
}

/** Two or three digits that matter. */
function short(rate: number): string {
  return rate >= 1000 ? Math.round(rate).toLocaleString('en') : String(Number(rate.toPrecision(3)));
}

function hundredths(rates: readonly number[], between: string): string {
  return rates.map((rate) => rate.toFixed(2)).join(between);
}

function inWords(machine: string, rates: readonly EndpointRate[]): string {
  const each = rates.map(({ name, perCore, barePerCore, published }) => {
    const bare = barePerCore === undefined ? '' : `, the networks alone ${short(barePerCore)}`;
    const theirs = published === undefined ? '' : `, published ${hundredths(published, ' to ')}`;
    return `${name}: ${short(perCore)}${bare}${theirs}.`;
  });
  return `Bars on a logarithmic axis, measured on ${machine} by processor time. ${each.join(' ')}`;
}
