/**
 * The ledger: one row for each billed transaction, none of a person, in a chain. Rows count on from the row
 * before of the same licence and never go back in time under it, so the newest row says what is used up and
 * which time has been seen.
 */
import { z } from 'zod';
import { ServerError } from '../errors.ts';
import { EVALUATION, type Licence } from '../licence/format.ts';
import {
  isSpent,
  type LicenceStatus,
  periodOf,
  STATUSES,
  type Usage,
} from '../licence/standing.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { Draft, RecordStore, StoredRecord } from '../store/record-store.ts';

/** Of the rows of a licence, or of those without one. */
export function topicOf(licence: Licence | undefined): string {
  return licence?.jti ?? EVALUATION;
}

/** What was done, by the word that stands in refids. */
export type LedgerAction =
  | 'MATCH121'
  | 'process'
  | 'VERIFY'
  | 'GENERATE'
  | 'antispoof'
  /** The compare page. */
  | 'COMPARE'
  | 'DOCVAL1'
  | 'DOCVAL2'
  | 'DOCVAL4';

/** The row that only says that the time has passed. */
export const HEARTBEAT = 'HEARTBEAT';

/** A transaction that is answered. */
export interface Transaction {
  readonly refid: string;
  readonly action: LedgerAction;
  /** `answer`: a picture was judged; `result`: a document was. Nothing of the verdict. */
  readonly outcome: 'answer' | 'result';
  /** The client as the configuration or the licence names it, never a key of it. */
  readonly client: string | null;
}

/** The body of a row. */
const RowSchema = z.object({
  action: z.string(),
  refid: z.string().nullable(),
  outcome: z.string().nullable(),
  client: z.string().nullable(),
  /** Standing of the licence at the time. */
  standing: z.enum(STATUSES),
  /** `2026-11`, `2026` or `-`. */
  period: z.string(),
  /** Transactions of the licence in the period, this one included. */
  used: z.int().min(0),
});
type Row = z.output<typeof RowSchema>;
type Said = Pick<Row, 'action' | 'refid' | 'outcome' | 'client'>;

const BEAT: Said = { action: HEARTBEAT, refid: null, outcome: null, client: null };

/** The body of a stored row; undefined when it is not one of ours. */
export function rowOf({ body }: StoredRecord): Row | undefined {
  try {
    return RowSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** Rows under one licence, or under none. */
export class Ledger {
  readonly #commit: Pick<GroupCommit, 'append'>;
  readonly #licence: Licence | undefined;
  readonly #nowMs: () => number;
  #newest: { timeMs: number; row: Row } | undefined;

  /** @param newest row of this licence, or of no licence, that is stored */
  constructor(
    commit: Pick<GroupCommit, 'append'>,
    licence: Licence | undefined,
    nowMs: () => number,
    newest?: StoredRecord,
  ) {
    this.#commit = commit;
    this.#licence = licence;
    this.#nowMs = nowMs;
    this.#note(newest);
  }

  /** What has been used up now, and the latest time seen. */
  get usage(): Usage {
    const { timeMs = 0, row } = this.#newest ?? {};
    const current = row?.period === periodOf(this.#licence?.volume, this.#nowMs());
    return { highestMs: timeMs, used: current ? row.used : 0 };
  }

  /** Reads what others may have added. @throws ServerError STORAGE_FAILED */
  async refresh(store: Pick<RecordStore, 'newest'>): Promise<void> {
    this.#note(await store.newest('ledger', topicOf(this.#licence)));
  }

  /**
   * Writes the row of a transaction; it may be answered when this resolves.
   * @throws ServerError STORAGE_FAILED; LICENCE_INVALID when other nodes have used the volume up meanwhile: it
   * must not be answered
   */
  async bill(transaction: Transaction, standing: LicenceStatus): Promise<void> {
    const row = await this.#append(standing, transaction);
    if (row?.refid === transaction.refid) return;
    throw new ServerError('LICENCE_INVALID', 'the licensed volume is used up');
  }

  /** Writes down that this time was seen. @throws ServerError STORAGE_FAILED */
  async heartbeat(standing: LicenceStatus): Promise<void> {
    await this.#append(standing, BEAT);
  }

  /** @returns what was written: only that the time has passed, where a transaction would be beyond the volume */
  async #append(standing: LicenceStatus, said: Said): Promise<Row | undefined> {
    const nowMs = this.#nowMs(), volume = this.#licence?.volume;
    const draft: Draft = {
      chain: 'ledger',
      topic: topicOf(this.#licence),
      make: (newest) => {
        const timeMs = Math.max(nowMs, newest?.timeMs ?? 0);
        const period = periodOf(volume, timeMs);
        const before = newest && rowOf(newest);
        const used = before?.period === period ? before.used : 0;
        const counted = said !== BEAT && !(volume?.overage === 'refuse' && isSpent(volume, used));
        const { action, refid, outcome, client } = counted ? said : BEAT;
        const row: Row = {
          action,
          refid,
          outcome,
          client,
          standing,
          period,
          used: counted ? used + 1 : used,
        };
        return { timeMs, body: JSON.stringify(row) };
      },
    };
    const [stored] = await this.#commit.append(draft);
    this.#note(stored);
    return rowOf(stored);
  }

  #note(record: StoredRecord | undefined): void {
    const row = record && rowOf(record);
    if (record === undefined || row === undefined) return;
    if (record.timeMs >= (this.#newest?.timeMs ?? 0)) {
      this.#newest = { timeMs: record.timeMs, row };
    }
  }
}
