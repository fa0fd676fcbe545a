/** Where this installation has its private keys, and what protects them. */
import { join } from 'node:path';
import type { KeyProtection } from '../../server/core/keys/key-files.ts';
import { passphraseOf } from '../../server/core/keys/passphrase.ts';
import { installedConfig } from '../settings.ts';

export interface KeyFolder {
  /** The data folder it is in. */
  readonly data: string;
  readonly folder: string;
  readonly protection: KeyProtection;
  /** Milliseconds for which replaced capture keys are kept. */
  readonly captureKeepMs: number;
}

const DAY_MS = 86_400_000;

/**
 * @param data the data folder named on the command line
 * @throws ServerError CONFIG_INVALID
 */
export function keyFolder(data: string | undefined): KeyFolder {
  const { dataFolder, keysPassphrase, captureKeepDays } = installedConfig(data);
  return {
    data: dataFolder,
    folder: join(dataFolder, 'keys'),
    protection: { passphrase: passphraseOf(keysPassphrase, process.env.CREDENTIALS_DIRECTORY) },
    captureKeepMs: captureKeepDays * DAY_MS,
  };
}
