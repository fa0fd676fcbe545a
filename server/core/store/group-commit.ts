/**
 * Appends of many requests in one transaction: while one batch is flushed to the disk the next one gathers,
 * so that hundreds of requests a second share a flush. A batch that fails fails for everyone in it.
 */
import type { Draft, RecordStore, StoredRecord } from './record-store.ts';

interface Waiting {
  readonly drafts: readonly Draft[];
  readonly stored: (records: StoredRecord[]) => void;
  readonly failed: (error: unknown) => void;
}

export class GroupCommit {
  readonly #store: Pick<RecordStore, 'append'>;
  readonly #onOutcome: (error: unknown) => void;
  #waiting: Waiting[] = [];
  #busy = false;

  /** @param onOutcome told after each batch, with its error if it failed */
  constructor(
    store: Pick<RecordStore, 'append'>,
    onOutcome: (error: unknown) => void = () => {},
  ) {
    this.#store = store;
    this.#onOutcome = onOutcome;
  }

  /**
   * Resolves when the drafts are stored, all in one transaction.
   * @throws ServerError STORAGE_FAILED
   */
  append(...drafts: readonly Draft[]): Promise<StoredRecord[]> {
    return new Promise((stored, failed) => {
      this.#waiting.push({ drafts, stored, failed });
      if (this.#busy) return;
      this.#busy = true;
      // whatever else this turn of the event loop brings comes along
      setImmediate(() => void this.#flush());
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const records = await this.#store.append(batch.flatMap(({ drafts }) => drafts));
      this.#onOutcome(undefined);
      let at = 0;
      for (const { drafts, stored } of batch) stored(records.slice(at, at += drafts.length));
    } catch (error) {
      this.#onOutcome(error);
      for (const { failed } of batch) failed(error);
    }
    this.#busy = this.#waiting.length > 0;
    if (this.#busy) setImmediate(() => void this.#flush());
  }
}
