/** Small charts in SVG. What they show is said in their label, and in a table beside them. */

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 300;
const HEIGHT = 72;
/** Keeps lines at the top and bottom whole. */
const MARGIN = 3;

function shape(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function canvas(label: string): SVGElement {
  return shape('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': label,
    class: 'chart',
  });
}

export interface Line {
  readonly className: string;
  /** One for each time; null leaves a gap. */
  readonly values: readonly (number | null)[];
}

/**
 * Lines over time, from zero up.
 * @param at where each value lies, 0 is the left end and 1 the right one
 * @param top what the upper end stands for, above 0
 */
export function lineChart(
  label: string,
  at: readonly number[],
  lines: readonly Line[],
  top: number,
): SVGElement {
  const svg = canvas(label);
  const base = HEIGHT - MARGIN;
  svg.append(shape('path', { class: 'base', d: `M0 ${base}H${WIDTH}` }));
  for (const { className, values } of lines) {
    const points = values.map((value, i) =>
      value === null
        ? undefined
        : `${round(at[i] * WIDTH)} ${round(base - (value / top) * (base - MARGIN))}`
    );
    // a value alone is a dot: a line without length and with round ends
    const d = points.map((point, i) =>
      point === undefined ? '' : `${points[i - 1] === undefined ? 'M' : 'L'}${point}h0`
    ).join('');
    svg.append(shape('path', { class: className, d }));
  }
  return svg;
}

/** A bar for each value, of equal width. */
export function barChart(label: string, values: readonly number[]): SVGElement {
  const svg = canvas(label);
  const top = Math.max(...values, 1);
  const step = WIDTH / values.length, base = HEIGHT - 1;
  svg.append(shape('path', { class: 'base', d: `M0 ${base}H${WIDTH}` }));
  for (const [i, value] of values.entries()) {
    // what is there is seen, however little it is
    const height = value === 0 ? 0 : Math.max(2, (value / top) * (base - MARGIN));
    svg.append(shape('rect', {
      class: 'bar',
      x: round(i * step + 1),
      y: round(base - height),
      width: round(step - 2),
      height: round(height),
    }));
  }
  return svg;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
