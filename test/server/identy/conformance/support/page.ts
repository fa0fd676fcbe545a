/** docs/conformance.md: the rows as Markdown. */
import { listed, type ListedRow, type ListedTable } from './listed.ts';

/** Whether the test of a row passed. */
export type Passed = (endpoint: string, kind: string, name: string) => boolean;

const HEAD = `# Conformance with the IDENTY Web Server API

Every statement of the documentation of the IDENTY Web Server 6 about its endpoints, from "Models and public keys endpoint" to table 9, and the test that shows it. \`npm run conformance\` runs the tests, over HTTP with a face engine that is told what pictures show; \`npm run conformance -- --write\` also writes this page. "Shown by" is a file in \`test/server/identy/conformance/\` and the test in it. What was chosen where the documentation contradicts itself stands behind the result.
`;

export function renderPage(passed: Passed): string {
  const tables = listed();
  const rows = tables.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
  const missing = rows.filter(({ result }) => result.startsWith('not produced')).length;
  const totals = `${rows.length} rows, ${missing} of them not produced.`;
  return [HEAD, totals, '', ...tables.map((table) => section(table, passed))].join('\n');
}

function section({ endpoint, groups }: ListedTable, passed: Passed): string {
  const cells = groups.flatMap(({ kind, rows }) =>
    rows.map((row) => [
      kind,
      `\`${row.row}\``,
      `${row.file} › ${row.name}`,
      resultOf(row, passed(endpoint, kind, row.name)),
    ])
  );
  return `## ${endpoint}\n\n${table(['kind', 'row', 'shown by', 'result'], cells)}\n`;
}

function resultOf({ result }: ListedRow, passed: boolean): string {
  return passed ? result : `**fails**: ${result}`;
}

/** Aligned as the formatter does it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, i) => Math.max(...[head, ...escaped].map((row) => row[i].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...escaped.map(line)]
    .join('\n');
}
