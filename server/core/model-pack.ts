/**
 * Which model pack this installation runs when the operator names none: the one inside the compiled
 * program, or, in a source checkout, the default pack built from the installed npm packages.
 */
import { resolve } from 'node:path';
import { buildDefaultPack, type BuildProgress } from '../../models/mod.ts';

/** Whether this is the compiled program; its files live under a root of their own. */
export const IS_COMPILED = import.meta.url.startsWith('file:///$bunfs/');

/** The default pack: a folder, or the archive that the build puts into the compiled program. */
export const DEFAULT_PACK = IS_COMPILED
  ? '/$bunfs/root/default.gpack'
  : resolve(import.meta.dir, '../../.cache/models/default');

/** What a release bundle holds besides the program; the build puts it into the compiled program. */
export const BUNDLE_PARTS = '/$bunfs/root/parts.tar';

/**
 * Path of the pack to use.
 * @param named a pack folder or .gpack file that replaces the default pack
 * @param onProgress told of the steps when the default pack has to be built first
 * @throws PackError when the default pack cannot be built
 */
export async function packPath(
  named: string | undefined,
  onProgress: (progress: BuildProgress) => void,
): Promise<string> {
  if (named !== undefined) return named;
  if (!IS_COMPILED) await buildDefaultPack({ outDir: DEFAULT_PACK, onProgress });
  return DEFAULT_PACK;
}
