/** Tables: columns with their headings, rows whose first cell names them, in a frame that scrolls where it must. */
import { make } from '../home/dom.ts';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** What is no number: `code` is to be copied, `time` stays on a line. */
  readonly kind?: 'word' | 'code' | 'time';
  /** A class for the cell of a row, for what needs attention. */
  readonly mark?: (row: Row) => string;
}

/** @param name what the table is, for those who do not see its surroundings */
export function tableOf<Row>(
  name: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): HTMLElement {
  const table = make('table', '');
  table.setAttribute('aria-label', name);
  const head = make('thead', '');
  const titles = make('tr', '');
  titles.append(...columns.map(({ title, kind = '' }) => cell('th', kind, title, 'col')));
  head.append(titles);
  const body = make('tbody', '');
  body.append(...rows.map((row) => rowOf(columns, row)));
  table.append(head, body);
  return scrolling(name, table);
}

function rowOf<Row>(columns: readonly Column<Row>[], row: Row): HTMLElement {
  const line = make('tr', '');
  line.append(...columns.map(({ text, kind = '', mark }, i) => {
    const className = [kind, mark?.(row) ?? ''].filter((name) => name !== '').join(' ');
    return i === 0 ? cell('th', className, text(row), 'row') : cell('td', className, text(row));
  }));
  return line;
}

/** A cell; with a scope it is a heading. */
export function cell(tag: 'th' | 'td', className: string, text: string, scope?: string) {
  const made = make(tag, className, text);
  if (scope !== undefined) made.setAttribute('scope', scope);
  return made;
}

/** A frame that can be scrolled by keyboard, so that wide tables leave the page as it is. */
function scrolling(name: string, content: HTMLElement): HTMLElement {
  const frame = make('div', 'scroll');
  frame.tabIndex = 0;
  frame.setAttribute('role', 'region');
  frame.setAttribute('aria-label', name);
  frame.append(content);
  return frame;
}
