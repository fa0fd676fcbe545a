/** `gatehouse audit verify`: walks the chains of an installation, or an export of its trail. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkExport } from '../../server/core/audit/export.ts';
import { type Walk, walkStored } from '../../server/core/chain/walk.ts';
import { CHAINS } from '../../server/core/store/record-store.ts';
import { openRecordStore } from '../../server/core/store/open-store.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { installedConfig } from '../settings.ts';
import { OTHER_KEYS_HELP, readKeySet, recordKeys } from '../records.ts';

export const help = `Usage: gatehouse audit verify [EXPORT] [--keys FILE] [--data DIR] [--json]

Walks the audit trail and the ledger from the first record to the last, checks every hash and every
signed checkpoint, and names the first record that is wrong. With a file of "audit export", checks that
instead. Exit code 0 when all is well, 1 when something is not.

${OTHER_KEYS_HELP}  --data DIR   the data folder; default data.folder of the configuration
  --json       one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { keys: TEXT, data: TEXT, json: FLAG }, 1);
  const config = installedConfig(values.data);
  const keys = await recordKeys(config.dataFolder, await readKeySet(values.keys));
  const [file] = positionals;
  if (file !== undefined) {
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
    const check = await checkExport(lines, keys);
    if (values.json) io.stdout(JSON.stringify(check) + '\n');
    else io.stdout(check.ok ? `intact: ${check.records} records\n` : `BROKEN: ${check.reason}\n`);
    return check.ok ? EXIT.ok : EXIT.negative;
  }
  const store = await openRecordStore(config, false);
  try {
    const walks: Walk[] = [];
    for (const chain of CHAINS) walks.push(await walkStored(store, chain, keys));
    const ok = walks.every(({ intact }) => intact);
    if (values.json) io.stdout(JSON.stringify({ ok, chains: walks }) + '\n');
    else io.stdout(table(walks.map((walk) => [walk.chain, sentence(walk)])));
    return ok ? EXIT.ok : EXIT.negative;
  } finally {
    await store.close();
  }
}

function sentence({ records, prunedTo, checkpoints, signedTo, broken }: Walk): string {
  if (broken !== undefined) return `BROKEN: record ${broken.seq} ${broken.reason}`;
  const from = prunedTo === 0 ? '' : ` from ${prunedTo + 1} on`;
  return `intact: ${records} records${from}, ${checkpoints} signed checkpoints, the last at ${signedTo}`;
}
