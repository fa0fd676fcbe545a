/**
 * `npm run bench -- faults`: the built program under load while something goes wrong. Prints for each fault what
 * happened, what clients were told, what was lost of what they were answered, and how long recovery took.
 */
import { parseArgs } from 'node:util';
import { check, madeOn, markdownTable, programOf, writeSection } from './appliance/page.ts';
import { FAULTS } from './faults/mod.ts';
import type { Finding } from './faults/scene.ts';

/**
 * `--only NAME` (part of a name; may be repeated), `--binary FILE | sources`, `--write`: the table into
 * docs/robustness.md. Ends with code 1 when something was not as it should be.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true },
      binary: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const command = programOf(values.binary);
  const { only } = values;
  const rows = [['fault', 'what happened', 'what clients got', 'billed', 'lost', 'recovery']];
  for (const fault of FAULTS) {
    if (only !== undefined && !only.some((part) => fault.name.includes(part))) continue;
    const lacking = fault.lacking?.();
    if (lacking !== undefined) {
      console.log(`skipped ${fault.name}: needs ${lacking}`);
      continue;
    }
    const finding = await fault.run(command);
    const row = rowOf(fault.name, finding);
    rows.push(row);
    const [, ...cells] = row;
    check(fault.name, finding.wrong.length === 0, [...finding.wrong, ...cells].join('\n      '));
  }
  if (values.write) await writeSection('faults', `${madeOn()}\n\n${markdownTable(rows)}`);
}

function rowOf(name: string, { happened, clients, recoveryMs, reckoning }: Finding): string[] {
  const seconds = recoveryMs.map((ms) => (ms / 1000).toFixed(1)).join(', ');
  return [
    name,
    happened,
    clients,
    reckoning === undefined ? '' : String(reckoning.answered),
    reckoning === undefined ? '' : `${reckoning.lost} (${reckoning.unanswered})`,
    seconds === '' ? '' : `${seconds} s`,
  ];
}
