/** Prints N/N of every Wycheproof file: `bun test/emrtd/crypto/wycheproof/table.ts`. */
import { checkOf } from './checks.ts';
import { runFile, vectorFiles } from './vectors.ts';

const startMs = performance.now();
let total = 0;
let passed = 0;
for (const file of vectorFiles()) {
  const { check, skipped } = checkOf(file);
  if (check === undefined) {
    console.log(`${file.padEnd(52)} skipped: ${skipped ?? 'no check'}`);
    continue;
  }
  const fileStartMs = performance.now();
  const result = runFile(file, check);
  total += result.total;
  passed += result.passed;
  const acceptable = result.acceptable === 0
    ? ''
    : `  (${result.acceptedOfAcceptable} of ${result.acceptable} acceptable accepted)`;
  const ms = (performance.now() - fileStartMs).toFixed(0).padStart(6);
  console.log(`${file.padEnd(52)} ${result.passed}/${result.total} ${ms} ms${acceptable}`);
  for (const failure of result.failures) console.log(`    ${failure}`);
}
console.log(`all ${passed}/${total} in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
process.exit(passed === total ? 0 : 1);
