/**
 * Runs the rows of the conformance table of the IDENTY API and prints how many hold: `npm run conformance`.
 * With `--write` it also writes docs/conformance.md. Exits 1 when a row fails or did not run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listed } from '../server/identy/conformance/support/listed.ts';
import { type Passed, renderPage } from '../server/identy/conformance/support/page.ts';
import { readJunit } from './junit.ts';

const ROOT = join(import.meta.dir, '../..');
const ROWS = 'test/server/identy/conformance/rows.test.ts';

/** Names of the tests that passed, outermost group first. */
async function run(): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-junit-'));
  try {
    const report = join(folder, 'report.xml');
    const command = ['test', ROWS, '--reporter=junit', `--reporter-outfile=${report}`];
    const tests = Bun.spawn([process.execPath, ...command], {
      cwd: ROOT,
      stdout: 'ignore',
      stderr: 'ignore',
    });
    await tests.exited;
    const cases = readJunit(await Bun.file(report).text());
    return new Set(cases.filter((one) => one.passed).map(({ path }) => path.join(' › ')));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function summary(passed: Passed): { text: string; failures: string[] } {
  const failures: string[] = [];
  const lines = listed().map(({ endpoint, groups }) => {
    const rows = groups.flatMap(({ kind, rows }) => rows.map((row) => ({ kind, ...row })));
    const failing = rows.filter(({ kind, name }) => !passed(endpoint, kind, name));
    failures.push(...failing.map(({ kind, name }) => `${endpoint} › ${kind} › ${name}`));
    const missing = rows.filter(({ result }) => result.startsWith('not produced')).length;
    const note = missing === 0 ? '' : `, ${missing} not produced`;
    return `${endpoint.padEnd(42)} ${rows.length - failing.length}/${rows.length}${note}`;
  });
  return { text: lines.join('\n'), failures };
}

if (import.meta.main) {
  const names = await run();
  const passed: Passed = (...of) => names.has(of.join(' › '));
  const { text, failures } = summary(passed);
  console.log(text);
  for (const failure of failures) console.log(`FAILS  ${failure}`);
  if (process.argv.includes('--write')) {
    await Bun.write(join(ROOT, 'docs/conformance.md'), renderPage(passed));
  }
  process.exit(failures.length === 0 ? 0 : 1);
}
