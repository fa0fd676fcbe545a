/** The pack a command works with, and whose signature it must carry. */
import type { BuildProgress, TrustOptions } from '../models/mod.ts';
import type { ServerConfig } from '../server/core/config/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { readTrust } from './pack-trust.ts';
import { installedConfig } from './settings.ts';

export interface PackChoice {
  /** Folder or .gpack file. */
  readonly path: string;
  readonly trust: TrustOptions;
}

/**
 * The pack named on the command line, else that of the settings, else the default one; trusted as the
 * settings say.
 * @throws ServerError CONFIG_INVALID; UsageError for a key that cannot be used; PackError when the default
 * pack cannot be built
 */
export async function choosePack(
  named: string | undefined,
  onProgress: (progress: BuildProgress) => void,
  config: Pick<ServerConfig, 'pack' | 'packKeys'> = installedConfig(),
): Promise<PackChoice> {
  const trust = await readTrust({}, config);
  return { path: await packPath(named ?? config.pack, onProgress), trust };
}
