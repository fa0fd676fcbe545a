/**
 * The trust store of an installation, as `pki import` writes it: one file that is replaced in one step.
 * Readers look at the file before each use, so that an import takes effect without a restart.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTrustStore, TrustStore } from '../../emrtd/mod.ts';
import type { AuditSink } from './audit/audit.ts';
import { ServerError } from './errors.ts';
import type { Logger } from './logging.ts';

/** Name of the file in the trust folder. */
export const TRUST_STORE_FILE = 'trust-store.der';

/** The store of a folder; an empty one when there is none yet. Throws when there is a file that cannot be used. */
export async function readTrustStore(folder: string): Promise<TrustStore> {
  return (await readStoreFile(folder)).store;
}

/** SHA-256 of a trust store as it is written to the disk. */
export function trustStoreDigest(bytes: Uint8Array): string {
  return new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
}

async function readStoreFile(folder: string): Promise<{ store: TrustStore; sha256: string }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(folder, TRUST_STORE_FILE));
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { store: TrustStore.empty, sha256: trustStoreDigest(new Uint8Array(0)) };
  }
  return { store: parseTrustStore(bytes, TRUST_STORE_FILE), sha256: trustStoreDigest(bytes) };
}

function isMissing(error: unknown): boolean {
  return (error as { code?: string }).code === 'ENOENT';
}

/** Gives the store that is on disk now. */
export class LiveTrustStore {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #audit: AuditSink;
  #store: TrustStore = TrustStore.empty;
  /** What the file looked like when it was read; a replaced file has another number. */
  #version = 'absent';
  #reading: Promise<void> | undefined;
  #readable = true;

  constructor(folder: string, log: Logger, audit: AuditSink) {
    this.#folder = folder;
    this.#log = log;
    this.#audit = audit;
  }

  /** The store now. A file that cannot be read or recorded leaves the one before in force, with an error in the log. */
  async current(): Promise<TrustStore> {
    const version = await this.#fileVersion();
    if (version !== this.#version) {
      this.#reading ??= this.#read(version).finally(() => this.#reading = undefined);
    }
    await this.#reading;
    return this.#store;
  }

  /** Whether the file that is on disk now is the store in force; true when there is none. */
  async readable(): Promise<boolean> {
    await this.current();
    return this.#readable;
  }

  async #fileVersion(): Promise<string> {
    try {
      const { ino, size, mtimeMs } = await stat(join(this.#folder, TRUST_STORE_FILE));
      return `${ino} ${size} ${mtimeMs}`;
    } catch (error) {
      return isMissing(error) ? 'absent' : 'unreadable';
    }
  }

  async #read(version: string): Promise<void> {
    this.#version = version;
    try {
      const { store, sha256 } = await readStoreFile(this.#folder);
      this.#readable = true;
      const sizes = { anchors: store.contents.anchors.size, crls: store.contents.crls.size };
      await this.#audit.recordChange({ kind: 'trust-store-loaded', sha256, ...sizes });
      this.#store = store;
      this.#log.info('trust-store', sizes);
    } catch (error) {
      // what could not be recorded is read again; a broken file only when it was replaced
      if (error instanceof ServerError) this.#version = 'not recorded';
      else this.#readable = false;
      const cause = error instanceof Error ? error.message : undefined;
      this.#log.error('trust-store-unreadable', { cause });
    }
  }
}
