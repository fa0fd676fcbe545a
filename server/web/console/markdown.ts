/** Shows the Markdown of model cards: headings, paragraphs, lists, tables; all else as it is written. */
import { make } from '../home/dom.ts';

/** Elements for a text, its headings from the fourth level on. */
export function markdown(text: string): HTMLElement[] {
  return text.split(/\n{2,}/).map((block) => block.trim()).filter((block) => block !== '')
    .flatMap(blockOf);
}

function blockOf(block: string): HTMLElement[] {
  const lines = block.split('\n');
  const heading = /^#{2,} (.+)$/.exec(lines[0]);
  if (heading !== null) {
    const rest = lines.slice(1).join('\n').trim();
    return [make('h4', '', heading[1]), ...(rest === '' ? [] : blockOf(rest))];
  }
  if (lines.every((line) => /^(- |\s{2,})/.test(line))) {
    const list = make('ul', '');
    const items = block.replaceAll(/\n\s{2,}/g, ' ').split('\n');
    list.append(...items.map((item) => inline(make('li', ''), item.slice(2))));
    return [list];
  }
  if (lines.every((line) => line.startsWith('|'))) return [tableOf(lines)];
  return [inline(make('p', ''), lines.join(' '))];
}

function tableOf(lines: readonly string[]): HTMLElement {
  const frame = make('div', 'scroll');
  const table = make('table', '');
  // the second line only says how columns are aligned
  const rows = lines.filter((_, i) => i !== 1);
  table.append(...rows.map((line, i) => {
    const row = make('tr', '');
    const cells = line.replaceAll(/^\||\|$/g, '').split('|');
    row.append(...cells.map((text) => inline(make(i === 0 ? 'th' : 'td', 'word'), text.trim())));
    return row;
  }));
  frame.append(table);
  return frame;
}

/** Code and emphasis within a line. */
function inline(target: HTMLElement, text: string): HTMLElement {
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
    if (/^`.+`$/.test(part)) target.append(make('code', '', part.slice(1, -1)));
    else if (/^\*\*.+\*\*$/.test(part)) target.append(make('strong', '', part.slice(2, -2)));
    else target.append(part);
  }
  return target;
}
