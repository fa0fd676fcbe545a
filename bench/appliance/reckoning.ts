/** Holds what clients were told against the records of the installation: nothing that was answered may lack. */
import { rowOf } from '../../server/core/ledger/ledger.ts';
import { recordsPath } from '../../server/core/records.ts';
import { SqliteStore } from '../../server/core/store/sqlite-store.ts';
import { type Installation, tryCommand } from './installation.ts';
import type { Outcome } from './traffic.ts';

export interface Reckoning {
  /** Billed answers that clients got, of those that name their row. */
  readonly answered: number;
  /** Of those, how many have no row. */
  readonly lost: number;
  /** Rows whose answer did not arrive. */
  readonly unanswered: number;
  readonly wrong: readonly string[];
}

/** Call when the server has ended. */
export async function reckon(
  installation: Installation,
  outcomes: readonly Outcome[],
): Promise<Reckoning> {
  const rows = new Map<string, number>();
  const store = SqliteStore.open(recordsPath(installation.data), { create: false });
  for await (const record of store.read('ledger')) {
    const row = rowOf(record);
    // the compare page and ws2 tell their clients no id
    if (row?.refid == null || /^(?:COMPARE|DOCVAL2)$/.test(row.action)) continue;
    rows.set(row.refid, (rows.get(row.refid) ?? 0) + 1);
  }
  store.close();
  const answered = outcomes.flatMap(({ refid }) => refid === undefined ? [] : [refid]);
  const lost = answered.filter((refid) => !rows.has(refid)).length;
  const twice = [...rows.values()].filter((times) => times > 1).length;
  const { code, output, errors } = await tryCommand(installation, ['audit', 'verify']);
  return {
    answered: answered.length,
    lost,
    unanswered: rows.size - new Set(answered).size + lost,
    wrong: [
      ...(lost > 0 ? [`${lost} answers have no row in the ledger`] : []),
      ...(twice > 0 ? [`${twice} answers have two rows`] : []),
      ...(code === 0 ? [] : [`audit verify: ${output}${errors}`]),
    ],
  };
}
