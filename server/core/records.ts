/**
 * The records of an installation: one store with ledger and audit trail, their checkpoints, and whether
 * anything can be stored at the moment.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Audit } from './audit/audit.ts';
import { Checkpoints } from './chain/checkpoint.ts';
import { ServerError } from './errors.ts';
import type { SigningKey } from './keys/signing-key.ts';
import { Ledger, topicOf } from './ledger/ledger.ts';
import type { Licence } from './licence/format.ts';
import type { Logger } from './logging.ts';
import { GroupCommit } from './store/group-commit.ts';
import type { RecordStore } from './store/record-store.ts';
import { SqliteStore } from './store/sqlite-store.ts';

const FILE = 'gatehouse.db';

/** Where a data folder has its records. */
export function recordsPath(dataFolder: string): string {
  return join(dataFolder, FILE);
}

/**
 * For a server that starts: a file without a byte is what a failing disk or a copy that did not come to its end
 * leaves, and would be taken for records that are new.
 * @throws ServerError STORAGE_FAILED
 */
export function refuseEmptiedRecords(dataFolder: string): void {
  const path = recordsPath(dataFolder);
  if (statSync(path, { throwIfNoEntry: false })?.size !== 0) return;
  const advice = 'put your backup of it back, or remove it to begin new records';
  throw new ServerError('STORAGE_FAILED', `${path}: it is empty: ${advice}`);
}

export interface RecordsOptions {
  readonly log?: Logger;
  /** Signs checkpoints; without it there are none. */
  readonly signingKey?: Pick<SigningKey, 'sign'> | undefined;
  /** Stands in the audit trail where several nodes write it. */
  readonly node?: string | undefined;
  readonly nowMs?: () => number;
}

export class Records {
  readonly audit: Audit;
  readonly store: RecordStore;
  readonly nowMs: () => number;
  readonly #commit: GroupCommit;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #log: Logger | undefined;
  #writable = true;

  /** @param store closed by `close` */
  constructor(store: RecordStore, options: RecordsOptions = {}) {
    const { log, signingKey, node, nowMs = Date.now } = options;
    this.store = store;
    this.nowMs = nowMs;
    this.#log = log;
    this.#commit = new GroupCommit(store, (error) => this.#note(error));
    this.audit = new Audit(store, this.#commit, nowMs, node);
    this.#checkpoints = signingKey && new Checkpoints(store, signingKey, nowMs);
  }

  /** Records that end with the process. */
  static inMemory(options: RecordsOptions = {}): Records {
    return new Records(SqliteStore.open(':memory:'), options);
  }

  /** False from an append or a look that failed to the next append that does not. */
  get writable(): boolean {
    return this.#writable;
  }

  /**
   * The ledger of a licence, or of none.
   * @throws ServerError STORAGE_FAILED
   */
  async ledger(licence: Licence | undefined): Promise<Ledger> {
    const newest = await this.store.newest('ledger', topicOf(licence));
    return new Ledger(this.#commit, licence, this.nowMs, newest);
  }

  /** The same for records that are new. */
  newLedger(licence?: Licence): Ledger {
    return new Ledger(this.#commit, licence, this.nowMs);
  }

  /**
   * Has a ledger know what others have added to it, and finds out whether records can be read at all.
   * @throws ServerError STORAGE_FAILED
   */
  async refresh(ledger: Ledger): Promise<void> {
    try {
      await ledger.refresh(this.store);
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** Signs the ends of the chains where they have grown. @throws ServerError STORAGE_FAILED */
  async checkpoint(): Promise<void> {
    await this.#checkpoints?.sign();
  }

  /** Signs a last checkpoint if it can, and closes the store. */
  async close(): Promise<void> {
    try {
      await this.checkpoint();
    } catch (error) {
      this.#log?.error('records-checkpoint', { cause: causeOf(error) });
    }
    await this.store.close();
  }

  #note(error: unknown): void {
    const writable = error === undefined;
    if (writable !== this.#writable) {
      if (writable) this.#log?.info('records-writable');
      else this.#log?.error('records-not-writable', { cause: causeOf(error) });
    }
    this.#writable = writable;
  }
}

function causeOf(error: unknown): string | undefined {
  return error instanceof ServerError ? error.message : (error as Error | undefined)?.name;
}
