/**
 * The trust store of an installation, as `pki import` writes it: one file that is replaced in one step.
 * Readers look at the file before each use, so that an import takes effect without a restart.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTrustStore, TrustStore } from '../../emrtd/mod.ts';
import type { Logger } from './logging.ts';

/** Name of the file in the trust folder. */
export const TRUST_STORE_FILE = 'trust-store.der';

/** The store of a folder; an empty one when there is none yet. Throws PKI_* when the file is broken. */
export async function readTrustStore(folder: string): Promise<TrustStore> {
  const file = Bun.file(join(folder, TRUST_STORE_FILE));
  return await file.exists()
    ? parseTrustStore(await file.bytes(), TRUST_STORE_FILE)
    : TrustStore.empty;
}

/** Gives the store that is on disk now. */
export class LiveTrustStore {
  readonly #folder: string;
  readonly #log: Logger;
  #store: TrustStore = TrustStore.empty;
  /** What the file looked like when it was read; a replaced file has another number. */
  #version = 'absent';
  #reading: Promise<void> | undefined;

  constructor(folder: string, log: Logger) {
    this.#folder = folder;
    this.#log = log;
  }

  /** The store now. A file that cannot be read leaves the one before in force, with an error in the log. */
  async current(): Promise<TrustStore> {
    const version = await this.#fileVersion();
    if (version !== this.#version) {
      this.#reading ??= this.#read(version).finally(() => this.#reading = undefined);
    }
    await this.#reading;
    return this.#store;
  }

  async #fileVersion(): Promise<string> {
    try {
      const { ino, size, mtimeMs } = await stat(join(this.#folder, TRUST_STORE_FILE));
      return `${ino} ${size} ${mtimeMs}`;
    } catch {
      return 'absent';
    }
  }

  async #read(version: string): Promise<void> {
    this.#version = version;
    try {
      this.#store = await readTrustStore(this.#folder);
      const { anchors, crls } = this.#store.contents;
      this.#log.info('trust-store', { anchors: anchors.size, crls: crls.size });
    } catch (error) {
      const cause = error instanceof Error ? error.message : undefined;
      this.#log.error('trust-store-unreadable', { cause });
    }
  }
}
