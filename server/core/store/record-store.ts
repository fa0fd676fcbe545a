/**
 * What ledger and audit trail need of a database: records in chains that only grow, and signed checkpoints of
 * them. SQLite stands behind it by default, PostgreSQL where several nodes share one database.
 */
/** The ledger counts what is billed, the audit trail says who did what. */
export const CHAINS = ['ledger', 'audit'] as const;
export type ChainName = typeof CHAINS[number];

/** A record as it is stored. Hashes are lower-case hex. */
export interface StoredRecord {
  /** 1, 2, 3 and so on, without gaps; the first ones may have been deleted. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** What it is about: the id of a licence, the kind of an event. One line. */
  readonly topic: string;
  /** JSON text on one line. */
  readonly body: string;
  /** Hash of the record before; of the first one, zeros. */
  readonly previous: string;
  readonly hash: string;
}

/** A record that is about to be stored. */
export interface Draft {
  readonly chain: ChainName;
  readonly topic: string;
  /**
   * The contents, which may depend on the newest record of the same topic; nobody else appends meanwhile.
   * Waits for nothing and may be called again when a transaction is tried again.
   */
  make(newest: StoredRecord | undefined): Pick<StoredRecord, 'timeMs' | 'body'>;
}

/** A signed statement about the record `seq` of a chain, and by its hash about all before it. */
export interface Checkpoint {
  readonly chain: ChainName;
  readonly seq: number;
  /** Compact serialisation. */
  readonly jws: string;
}

/** Every method throws ServerError STORAGE_FAILED. */
export interface RecordStore {
  /**
   * Stores all drafts in order or none of them, each linked to the record before it, in one transaction in
   * which no other process, on whatever machine, appends. What it returns outlives a power cut.
   */
  append(drafts: readonly Draft[]): Promise<StoredRecord[]>;
  /** The newest record, of a topic if one is given. */
  newest(chain: ChainName, topic?: string): Promise<StoredRecord | undefined>;
  /** All records in order. */
  read(chain: ChainName): AsyncIterable<StoredRecord>;
  /** Records from the newest back, or from the one before `seq`. */
  readBack(chain: ChainName, seq?: number): AsyncIterable<StoredRecord>;
  addCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /**
   * Deletes the records of a chain up to `seq` and the checkpoints of them, so that nothing of them can be read
   * any more, in one transaction. The start, a signed statement about the last one deleted, stands for them
   * among the checkpoints. Never the newest record.
   */
  prune(start: Checkpoint): Promise<void>;
  /** In order of `seq`. */
  checkpoints(chain: ChainName): Promise<Checkpoint[]>;
  close(): void | Promise<void>;
}
