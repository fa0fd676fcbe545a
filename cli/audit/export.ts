/** `gatehouse audit export`: the audit trail as JSON lines with a signature under them. */
import { operator } from '../../server/core/audit/audit.ts';
import { exportLines } from '../../server/core/audit/export.ts';
import { walkStored } from '../../server/core/chain/walk.ts';
import type { RecordStore, StoredRecord } from '../../server/core/store/record-store.ts';
import { type CommandIo, EXIT, readArgs, table, TEXT } from '../command.ts';
import { dataFolder } from '../settings.ts';
import { readDay } from '../read-time.ts';
import { OTHER_KEYS_HELP, readKeySet, recordKeys, withRecords } from '../records.ts';

export const help = `Usage: gatehouse audit export [--from DAY] [--out FILE] [options]

Writes the audit trail as JSON lines, one record a line, and a last line with a signature of the
installation over all before it; "audit verify FILE" checks it. A trail that is broken is not exported.

  --from DAY   begin with the first record of this day (UTC) or later; default the first of all
  --out FILE   where to write; default the standard output
${OTHER_KEYS_HELP}  --data DIR   the data folder; default data.folder of the configuration
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { from: TEXT, out: TEXT, keys: TEXT, data: TEXT }, 0);
  const fromMs = values.from === undefined ? -Infinity : readDay('--from', values.from);
  const data = dataFolder(values.data);
  const keys = await recordKeys(data, await readKeySet(values.keys));
  return await withRecords(data, false, async (records, signingKey) => {
    const { broken } = await walkStored(records.store, 'audit', keys);
    if (broken !== undefined) {
      io.stderr(`the audit trail is broken: record ${broken.seq} ${broken.reason}\n`);
      return EXIT.negative;
    }
    await records.audit.record({ kind: 'audit-exported', from: values.from ?? null }, operator());
    const lines = exportLines(recordsFrom(records.store, fromMs), signingKey, Date.now());
    if (values.out === undefined) {
      for await (const line of lines) io.stdout(`${line}\n`);
      return EXIT.ok;
    }
    const writer = Bun.file(values.out).writer();
    let count = -1;
    for await (const line of lines) {
      writer.write(`${line}\n`);
      await writer.flush();
      count++;
    }
    await writer.end();
    io.stdout(table([['records', String(count)], ['written', values.out]]));
    return EXIT.ok;
  });
}

/** All records from the first one that is not before a time. */
async function* recordsFrom(
  store: Pick<RecordStore, 'read'>,
  fromMs: number,
): AsyncGenerator<StoredRecord> {
  let begun = false;
  for await (const record of store.read('audit')) {
    begun ||= record.timeMs >= fromMs;
    if (begun) yield record;
  }
}
