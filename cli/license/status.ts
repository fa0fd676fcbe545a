/** `gatehouse license status`: the licence of this installation, and what it has used of it. */
import { standingOf } from '../../server/core/licence/standing.ts';
import { openLicence } from '../../server/core/licence/read-licence.ts';
import { Records } from '../../server/core/records.ts';
import { findRecordStore } from '../../server/core/store/open-store.ts';
import type { ServerConfig } from '../../server/core/config/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, TEXT } from '../command.ts';
import { installedConfig } from '../settings.ts';
import { licenceRows } from './describe.ts';

export const help = `Usage: gatehouse license status [--data DIR] [--json]

Shows the licence that the settings name and what the ledger says of it. Exit code 0 when the
server answers with it, 1 when it refuses.

  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { data: TEXT, json: FLAG }, 0);
  const { licence, standing, usage, rows } = await licenceStanding(installedConfig(values.data));
  const { status, answers, reason } = standing;
  const lastTime = usage.highestMs === 0 ? null : new Date(usage.highestMs).toISOString();
  if (values.json) {
    io.stdout(
      JSON.stringify({
        status,
        answers,
        reason,
        licence: licence ?? null,
        used: usage.used,
        last_time: lastTime,
        ledger_rows: rows,
      }) + '\n',
    );
  } else {
    io.stdout(table([
      ['status', `${status}: ${reason}`],
      ...(licence === undefined ? [] : licenceRows(licence)),
      ['used', String(usage.used)],
      ['last time seen', lastTime ?? 'none'],
      ['ledger rows', String(rows)],
    ]));
  }
  return answers ? EXIT.ok : EXIT.negative;
}

/**
 * The licence of an installation, and where it stands.
 * @throws ServerError CONFIG_INVALID, STORAGE_FAILED
 */
export async function licenceStanding(config: ServerConfig) {
  const licence = await openLicence(config);
  let usage = { highestMs: 0, used: 0 }, rows = 0;
  const store = await findRecordStore(config);
  if (store !== undefined) {
    const records = new Records(store);
    try {
      usage = (await records.ledger(licence)).usage;
      rows = (await records.store.newest('ledger'))?.seq ?? 0;
    } finally {
      await records.close();
    }
  }
  return { licence, standing: standingOf(licence, Date.now(), usage), usage, rows };
}
