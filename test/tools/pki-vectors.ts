/**
 * Runs the NIST PKITS and x509-limbo vectors and prints one row for each section or namespace:
 * `bun test/tools/pki-vectors.ts [--cases]`. Exits with 1 when a case in scope has another verdict than
 * the vectors state.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runLimbo } from '../emrtd/pki/support/limbo.ts';
import { runPkits } from '../emrtd/pki/support/pkits.ts';
import { disagreements, rows, type VectorOutcome } from '../emrtd/pki/support/vector-case.ts';

const data = join(import.meta.dir, '../../../shared/data');
const SUITES: { name: string; path: string; run: (path: string) => VectorOutcome[] }[] = [
  { name: 'NIST PKITS', path: 'pkits', run: runPkits },
  { name: 'x509-limbo', path: 'x509-limbo/limbo.json', run: runLimbo },
  { name: 'x509-limbo of 2023', path: 'x509-limbo/limbo-2023.json', run: runLimbo },
];

function print(name: string, outcomes: VectorOutcome[]): void {
  console.log(`\n${name}`);
  console.log(`  ${'section'.padEnd(34)}agreed/in scope  out of scope  slowest`);
  for (const row of rows(outcomes)) {
    console.log(
      `  ${row.group.padEnd(34)}${`${row.agreed}/${row.inScope}`.padStart(15)}` +
        `${String(row.outOfScope).padStart(14)}${`${row.slowestMs.toFixed(1)} ms`.padStart(11)}`,
    );
  }
  const reasons = new Map(outcomes.filter((o) => o.scope !== 'in').map((o) => [o.scope, 0]));
  for (const { scope } of outcomes) {
    if (scope !== 'in') reasons.set(scope, (reasons.get(scope) ?? 0) + 1);
  }
  for (const [reason, count] of reasons) console.log(`  out of scope: ${count} of ${reason}`);
  const accepted = outcomes.filter((o) => o.scope !== 'in' && o.actual === 'valid')
    .filter((o) => o.expected === 'invalid');
  const groups = [...new Set(accepted.map(({ group }) => group))].join(', ');
  console.log(`  accepted out of scope against the vector: ${accepted.length}  ${groups}`);
  for (const { id, expected, reason } of disagreements(outcomes)) {
    console.log(`  DISAGREES ${id}: should be ${expected}; ${reason || 'accepted'}`);
  }
}

let failed = 0;
for (const suite of SUITES) {
  const path = join(data, suite.path);
  if (!existsSync(path)) {
    console.log(`\n${suite.name}: skipped, no data at ../shared/data/${suite.path}`);
    continue;
  }
  const outcomes = suite.run(path);
  print(suite.name, outcomes);
  failed += disagreements(outcomes).length;
  if (process.argv.includes('--cases')) {
    for (const outcome of outcomes) {
      const { id, expected, actual, scope, durationMs, reason } = outcome;
      console.log(
        `  ${id}  ${expected}  ${actual}  ${durationMs.toFixed(1)} ms  ${scope}  ${reason}`,
      );
    }
  }
}
process.exit(failed === 0 ? 0 : 1);
