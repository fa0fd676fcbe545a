/**
 * The tables of docs/configuration.md, made from the declarations of the settings. Run it to write them into
 * the page; `settings-table.test.ts` fails when the page has others.
 */
import { allSettings, factsOf, OTHER_VARIABLES } from '../../server/core/config/mod.ts';

export const PAGE = new URL('../../docs/configuration.md', import.meta.url).pathname;

/** As `deno fmt` writes tables. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

export const TABLES: Readonly<Record<string, string>> = {
  settings: markdownTable([
    ['setting', 'variables', 'default', 'restart', 'meaning'],
    ...allSettings().map(([, setting]) => {
      const { key, variables, reload, about, ...facts } = factsOf(setting);
      const names = variables.map(code).join(', ');
      return [code(key), names, facts.default, reload ? 'no' : 'yes', about];
    }),
  ]),
  variables: markdownTable([
    ['variable', 'meaning'],
    ...Object.entries(OTHER_VARIABLES).map(([name, about]) => [code(name), about]),
  ]),
};

/** The page with the table between its two marks. */
export function withTable(page: string, name: string): string {
  const marks = new RegExp(`(<!-- ${name} -->\n\n)[^]*?(\n\n<!-- /${name} -->)`);
  if (!marks.test(page)) throw new Error(`${PAGE} has no place for ${name}`);
  return page.replace(marks, (_, begin, end) => begin + TABLES[name] + end);
}

if (import.meta.main) {
  const page = await Bun.file(PAGE).text();
  await Bun.write(PAGE, Object.keys(TABLES).reduce(withTable, page));
}
