/** Where the tables of faults, soak and secrets are written down: a section each of one page of the documentation. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { VERSION } from '../../server/core/version.ts';

const ROOT = resolve(import.meta.dir, '../..');
const PAGE = 'docs/robustness.md';

/** On what and when a table was made, as a sentence. */
export function madeOn(): string {
  const day = new Date().toISOString().slice(0, 10);
  const { model } = cpus()[0];
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `Made on ${day} with Gatehouse ${VERSION} on ${cpus().length} cores of ${model.trim()}, ` +
    `${gigabytes} GB of memory.`;
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |`);
  return [head, `|${' --- |'.repeat(rows[0].length)}`, ...body].join('\n');
}

/** Replaces what is between the marks of a section, and formats the page. */
export async function writeSection(name: string, text: string): Promise<void> {
  const path = join(ROOT, PAGE);
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const page = await Bun.file(path).text();
  const from = page.indexOf(begin), to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${PAGE} has no section ${name}`);
  await Bun.write(path, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
  execFileSync(join(ROOT, 'node_modules/.bin/deno'), ['fmt', '--quiet', PAGE], { cwd: ROOT });
}

/** Prints what was looked at and whether it was right; sets the exit code when it was not. */
export function check(what: string, right: boolean, detail: string): void {
  console.log(`${right ? 'ok   ' : 'WRONG'} ${what}: ${detail}`);
  if (!right) process.exitCode = 1;
}

/** The program under test: the one that was built, unless another is named. */
export function programOf(binary: string | undefined): string[] {
  return binary === 'sources'
    ? [process.execPath, join(ROOT, 'main.ts')]
    : [resolve(binary ?? join(ROOT, 'dist/gatehouse'))];
}
