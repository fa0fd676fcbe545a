/**
 * The private keys of the installation while the server runs: read again when their folder has changed, so that
 * a rotation needs no restart, and pruned of those that nothing is sealed for any more.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ServerError } from './core/errors.ts';
import { isProtected, keyFilesIn, type KeyProtection } from './core/keys/key-files.ts';
import { openSigningKey, type SigningKey } from './core/keys/signing-key.ts';
import type { Logger } from './core/logging.ts';
import { lookOf, SettledWatch } from './core/settled-watch.ts';
import { type CaptureKeys, openCaptureKeys, pruneCaptureKeys } from './identy/mod.ts';

/** A change is in force after two looks. */
const POLL_MS = 2000;
const PRUNE_MS = 3_600_000;

export interface InstallationKeysOptions {
  /** Made with mode 0700 when it is missing. */
  readonly folder: string;
  readonly protection: KeyProtection;
  readonly log: Logger;
  /** How long a replaced capture key is kept, now. */
  readonly captureKeepMs: () => number;
}

interface Opened {
  readonly signing: SigningKey;
  readonly capture: CaptureKeys;
}

export class InstallationKeys {
  readonly signing: SigningKey;
  readonly capture: CaptureKeys;
  readonly #options: InstallationKeysOptions;
  readonly #watch: SettledWatch;
  #told: () => Promise<void> = async () => {};
  readonly #timers: readonly ReturnType<typeof setInterval>[];

  private constructor(options: InstallationKeysOptions, opened: Opened, watch: SettledWatch) {
    this.signing = opened.signing;
    this.capture = opened.capture;
    this.#options = options;
    this.#watch = watch;
    this.#timers = [
      setInterval(() => void this.poll(), POLL_MS),
      setInterval(() => void this.prune(), PRUNE_MS),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** Keys that are missing are made. @throws ServerError CONFIG_INVALID naming the file that is no such key */
  static async open(options: InstallationKeysOptions): Promise<InstallationKeys> {
    const { folder, protection, log } = options;
    const watch = new SettledWatch(() => new Map([[folder, looksOfFolder(folder)]]));
    const opened = await openBoth(options);
    const inTheClear = (await keyFilesIn(folder)).filter((path) => !isProtected(path));
    if (protection.passphrase !== undefined && inTheClear.length > 0) {
      log.warn('keys-unencrypted', { files: inTheClear.map((path) => basename(path)) });
    }
    const keys = new InstallationKeys(options, opened, watch);
    await keys.prune();
    return keys;
  }

  /** Has somebody told after each change. */
  follow(told: () => Promise<void>): void {
    this.#told = told;
  }

  /** Looks at the folder; reads the keys when it has changed since the look before last. */
  async poll(): Promise<void> {
    if (!this.#watch.poll()) return;
    const { log } = this.#options;
    try {
      const { signing, capture } = await openBoth(this.#options);
      const changed = idsOf(this) !== idsOf({ signing, capture });
      this.signing.replaceWith(signing);
      this.capture.replaceWith(capture);
      if (!changed) return;
      log.info('keys', { signing: signing.keyId, capture: capture.current.id });
      await this.#told();
    } catch (error) {
      log.error('keys-unreadable', { cause: causeOf(error) });
    }
  }

  /** Removes capture keys that were replaced long ago. */
  async prune(): Promise<void> {
    const { folder, captureKeepMs, log } = this.#options;
    try {
      const removed = await pruneCaptureKeys(folder, captureKeepMs(), Date.now());
      if (removed.length > 0) {
        log.info('keys-pruned', { files: removed.map((path) => basename(path)) });
      }
    } catch (error) {
      // the folder may be mounted for reading only
      log.warn('keys-not-pruned', { cause: causeOf(error) });
    }
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

function idsOf({ signing, capture }: Opened): string {
  return [signing.keyId, ...capture.ids].join();
}

async function openBoth({ folder, protection }: InstallationKeysOptions): Promise<Opened> {
  const [signing, capture] = await Promise.all([
    openSigningKey(folder, protection),
    openCaptureKeys(folder, protection),
  ]);
  return { signing, capture };
}

/** Something that is different after every change in the folder. */
function looksOfFolder(folder: string): string {
  try {
    const names = readdirSync(folder).toSorted();
    return names.map((name) => lookOf(join(folder, name))).join('\n');
  } catch {
    return 'absent';
  }
}

function causeOf(error: unknown): string {
  if (error instanceof ServerError) return error.message;
  return (error as { code?: string } | null)?.code ?? 'unknown';
}
