/**
 * Prints the matrix reader x chip: ways in against the other axes, and every fault with what came out.
 * `npx bun test/tools/emrtd-matrix.ts [pairs|triples|full]`; exits 1 when a cell or a fault is not as it
 * must be.
 */
import { accessCells, AXES, type Axis, type Cell, type Value } from '../emrtd/matrix/axes.ts';
import { coveringArray, fullList } from '../emrtd/matrix/covering.ts';
import { FAULT_CASES, readFaulty, type Verdict } from '../emrtd/matrix/faults.ts';
import { readCell } from '../emrtd/matrix/read-cell.ts';

/** Domain parameters by their id (9303-11 Table 12). */
const DOMAIN_NAMES: Record<string, string> = {
  'none': '-',
  '0': 'DH 1024/160',
  '1': 'DH 2048/224',
  '2': 'DH 2048/256',
  '8': 'P-192',
  '9': 'brainpoolP192r1',
  '10': 'P-224',
  '11': 'brainpoolP224r1',
  '12': 'P-256',
  '13': 'brainpoolP256r1',
  '14': 'brainpoolP320r1',
  '15': 'P-384',
  '16': 'brainpoolP384r1',
  '17': 'brainpoolP512r1',
  '18': 'P-521',
};

interface Tally {
  read: number;
  good: number;
}

function name(axis: Axis, value: Value): string {
  if (axis === 'paceDomain' || axis === 'caDomain') return DOMAIN_NAMES[String(value)];
  return value === 'none' ? '-' : String(value);
}

function count(tallies: Map<string, Tally>, key: string, good: boolean): void {
  const tally = tallies.get(key) ?? { read: 0, good: 0 };
  tally.read++;
  if (good) tally.good++;
  tallies.set(key, tally);
}

function fraction(tally: Tally | undefined): string {
  return tally === undefined ? '' : `${tally.good}/${tally.read}`;
}

function print(rows: string[][]): void {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows) {
    console.log(row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
  }
}

function verdictText(verdict: Verdict): string {
  if (verdict.error !== undefined) return verdict.error;
  const notes = [...verdict.failed ?? [], ...verdict.findings ?? []];
  const authentic = verdict.authentic ? 'authentic' : 'not authentic';
  const complete = verdict.complete ? '' : ', incomplete';
  return `${authentic}${complete}${notes.length === 0 ? '' : `: ${notes.join(', ')}`}`;
}

function same(a: Verdict, b: Verdict): boolean {
  return JSON.stringify([a.error, a.authentic, a.complete, a.failed, a.findings]) ===
    JSON.stringify([b.error, b.authentic, b.complete, b.failed, b.findings]);
}

async function cells(mode: string): Promise<number> {
  const list: Iterable<Cell> = mode === 'full'
    ? fullList()
    : coveringArray(mode === 'triples' ? 3 : 2).cells;
  const ways = new Map<string, Tally>();
  const values = new Map<string, Tally>();
  let total = 0;
  let bad = 0;
  const startedMs = performance.now();
  for (const cell of list) {
    const problems = await readCell(cell);
    const good = problems.length === 0;
    total++;
    if (!good) {
      bad++;
      console.log(`${JSON.stringify(cell)}\n  ${problems.join('\n  ')}`);
    }
    count(ways, [cell.access, cell.paceDomain, cell.paceCipher].join(' '), good);
    for (
      const axis of ['password', 'length', 'format', 'caDomain', 'caCipher', 'aa', 'signature']
    ) {
      const value = cell[axis as Axis];
      count(values, `${axis} ${cell.access} ${name(axis as Axis, value)}`, good);
    }
  }
  const ciphers = AXES.paceCipher.filter((cipher) => cipher !== 'none');
  console.log('\nWays in: cells read and proven / cells read');
  print([
    ['access', 'domain', ...ciphers],
    ...[...new Set(accessCells().map((way) => `${way.access} ${way.paceDomain}`))].map((way) => {
      const [access, domain] = way.split(' ');
      const fractions = ciphers.map((cipher) => fraction(ways.get(`${way} ${cipher}`)));
      if (access === 'BAC') fractions[0] = fraction(ways.get('BAC none none'));
      return [access, DOMAIN_NAMES[domain], ...fractions];
    }),
  ]);
  console.log('\nOther axes by way in');
  const axes: Axis[] = ['password', 'length', 'format', 'caDomain', 'caCipher', 'aa', 'signature'];
  print([
    ['axis', 'value', ...AXES.access],
    ...axes.flatMap((axis) =>
      AXES[axis].map((value) => [
        axis,
        name(axis, value),
        ...AXES.access.map((access) =>
          fraction(values.get(`${axis} ${access} ${name(axis, value)}`))
        ),
      ])
    ),
  ]);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`\n${mode}: ${total - bad}/${total} cells in ${seconds} s\n`);
  return bad;
}

async function faults(): Promise<number> {
  const rows = [['fault', 'what came out', '']];
  let bad = 0;
  for (const one of FAULT_CASES) {
    const verdict = await readFaulty(one);
    const good = same(verdict, one.expected);
    if (!good) bad++;
    rows.push([one.fault, verdictText(verdict), good ? '' : 'NOT AS EXPECTED']);
  }
  print(rows);
  console.log(`\nfaults: ${FAULT_CASES.length - bad}/${FAULT_CASES.length} as expected`);
  return bad;
}

if (import.meta.main) {
  const mode = process.argv[2] ?? 'pairs';
  const bad = await cells(mode) + await faults();
  process.exit(bad === 0 ? 0 : 1);
}
