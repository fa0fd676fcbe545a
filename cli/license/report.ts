/** `gatehouse license report`: what was billed on some days, signed by the installation. */
import { operator } from '../../server/core/audit/audit.ts';
import { makeReport, REPORT_TYPE } from '../../server/core/ledger/report.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT, UsageError } from '../command.ts';
import { dataFolder } from '../settings.ts';
import { readDay } from '../read-time.ts';
import { OTHER_KEYS_HELP, readKeySet, recordKeys, withRecords } from '../records.ts';
import { reportRows } from './describe.ts';

export const help = `Usage: gatehouse license report --from DAY --to DAY [--out FILE] [options]

Counts the billed transactions of these days (UTC, both included) and signs the counts with the key of
the installation, for reconciliation with the vendor; "license inspect" reads it. The whole ledger is
checked on the way. Exit code 1 when it is broken: the report says where and counts what comes before.

  --from DAY   first day, such as 2026-11-01
  --to DAY     last day
  --out FILE   where to write the report; default the standard output
  --data DIR   the data folder; default data.folder of the configuration
${OTHER_KEYS_HELP}  --json       one JSON object with what the report says; needs --out
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    from: TEXT,
    to: TEXT,
    out: TEXT,
    data: TEXT,
    keys: TEXT,
    json: FLAG,
  }, 0);
  const { from, to, out } = values;
  if (from === undefined || to === undefined) throw new UsageError('report needs --from and --to');
  if (readDay('--from', from) > readDay('--to', to)) throw new UsageError('--to is before --from');
  if (values.json && out === undefined) throw new UsageError('--json needs --out');
  const data = dataFolder(values.data);
  const keys = await recordKeys(data, await readKeySet(values.keys));
  return await withRecords(data, false, async (records, signingKey) => {
    await records.audit.record({ kind: 'ledger-reported', from, to }, operator());
    const report = await makeReport(records.store, keys, { from, to }, Date.now());
    const token = await signingKey.sign(report, REPORT_TYPE) + '\n';
    if (out === undefined) io.stdout(token);
    else {
      await Bun.write(out, token);
      io.stdout(
        values.json
          ? JSON.stringify(report) + '\n'
          : table([...reportRows(report), ['written', out]]),
      );
    }
    return report.chain.intact ? EXIT.ok : EXIT.negative;
  });
}
