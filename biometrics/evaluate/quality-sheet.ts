/** A page of pictures, each beside its quality values, as a stand-alone SVG that holds the pictures. */
import { escapeXml } from './xml.ts';

export interface SheetEntry {
  readonly title: string;
  /** JPEG, and its size in pixels as drawn. */
  readonly thumbnail: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Shown large. */
  readonly score: number;
  /** What the gates say, one line each. */
  readonly verdicts: readonly string[];
  readonly values: readonly (readonly [name: string, value: string])[];
}

const CELL = { width: 480, height: 300 };
const COLUMNS = 2;
const MARGIN = 20, TOP = 56;
const LINE = 14.5;

export function qualitySheet(title: string, entries: readonly SheetEntry[]): string {
  const width = COLUMNS * CELL.width + 2 * MARGIN;
  const height = TOP + Math.ceil(entries.length / COLUMNS) * CELL.height + MARGIN;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="34" font-size="18" fill="#111">${escapeXml(title)}</text>`,
  ];
  entries.forEach((entry, i) => {
    const left = MARGIN + (i % COLUMNS) * CELL.width;
    const top = TOP + Math.floor(i / COLUMNS) * CELL.height;
    parts.push(`<g transform="translate(${left} ${top})">`, ...cell(entry), '</g>');
  });
  parts.push('</svg>');
  return parts.join('\n') + '\n';
}

function cell(entry: SheetEntry): string[] {
  const { title, thumbnail, width, height, score, verdicts, values } = entry;
  const text = (x: number, y: number, content: string, style = 'fill="#333"') =>
    `<text x="${x}" y="${y.toFixed(1)}" ${style}>${escapeXml(content)}</text>`;
  const data = Buffer.from(thumbnail).toString('base64');
  const column = width + 14, end = CELL.width - 20;
  return [
    text(0, 12, title, 'font-size="13" font-weight="600" fill="#111"'),
    `<image y="20" width="${width}" height="${height}" href="data:image/jpeg;base64,${data}"/>`,
    text(column, 44, score.toFixed(0), 'font-size="26" font-weight="700" fill="#0b5cad"'),
    ...verdicts.map((verdict, i) => text(column + 48, 30 + i * LINE, verdict)),
    ...values.flatMap(([name, value], i) => {
      const y = 66 + i * LINE;
      return [
        text(column, y, name, 'fill="#555"'),
        text(end, y, value, 'text-anchor="end" fill="#111"'),
      ];
    }),
  ];
}
