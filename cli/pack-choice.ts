/** The pack a command works with, and whose signature it must carry. */
import type { BuildProgress, TrustOptions } from '../models/mod.ts';
import { packPath } from '../server/core/model-pack.ts';
import { readTrust } from './pack-trust.ts';

export interface PackChoice {
  /** Folder or .gpack file. */
  readonly path: string;
  readonly trust: TrustOptions;
}

/**
 * The pack named on the command line, else that of GATEHOUSE_PACK, else the default one; trusted as
 * GATEHOUSE_PACK_KEY says.
 * @throws UsageError for a key that cannot be used; PackError when the default pack cannot be built
 */
export async function choosePack(
  named: string | undefined,
  onProgress: (progress: BuildProgress) => void,
): Promise<PackChoice> {
  const trust = await readTrust({});
  return {
    path: await packPath(named ?? (process.env.GATEHOUSE_PACK || undefined), onProgress),
    trust,
  };
}
