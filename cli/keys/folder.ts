/** Where this installation has its private keys, and what protects them. */
import { join } from 'node:path';
import { DAY_MS } from '../../server/core/day.ts';
import type { KeyProtection } from '../../server/core/keys/key-files.ts';
import { openProtection, type Purpose } from '../../server/core/keys/protection.ts';
import { installedConfig } from '../settings.ts';

export interface KeyFolder {
  /** The data folder it is in. */
  readonly data: string;
  readonly folder: string;
  readonly protection: KeyProtection;
  /** Milliseconds for which replaced capture keys are kept. */
  readonly captureKeepMs: number;
}

/**
 * @param data the data folder named on the command line
 * @throws ServerError CONFIG_INVALID
 */
export async function keyFolder(data: string | undefined): Promise<KeyFolder> {
  const place = keyPlace(data);
  return { ...place, protection: await place.open('make') };
}

interface KeyPlace extends Omit<KeyFolder, 'protection'> {
  /** @throws ServerError CONFIG_INVALID */
  open(purpose: Purpose): Promise<KeyProtection>;
}

/** The same before what protects the keys is looked at, which may need a token. */
export function keyPlace(data: string | undefined): KeyPlace {
  const config = installedConfig(data);
  const { dataFolder, captureKeepDays } = config;
  const folder = join(dataFolder, 'keys');
  const { CREDENTIALS_DIRECTORY: credentials } = process.env;
  return {
    data: dataFolder,
    folder,
    captureKeepMs: captureKeepDays * DAY_MS,
    open: (purpose) => openProtection(config, folder, credentials, purpose),
  };
}
