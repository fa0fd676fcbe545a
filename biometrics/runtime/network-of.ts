/** Which networks of a pack do a task. */
import type { Network, Pack } from '../../models/mod.ts';
import { FaceError } from '../errors.ts';

/**
 * @returns the ids of all networks of a task, in the order of the pack; at least one
 * @throws FaceError PACK_INCOMPLETE when the pack has none
 */
export function networksOf(pack: Pack, task: Network['task']): string[] {
  const networks = pack.manifest.networks.filter((entry) => entry.task === task);
  if (networks.length === 0) throw new FaceError('PACK_INCOMPLETE', `model pack: no ${task}`);
  return networks.map(({ id }) => id);
}

/**
 * @returns the id of the first network of a task
 * @throws FaceError PACK_INCOMPLETE when the pack has none
 */
export function networkOf(pack: Pack, task: Network['task']): string {
  return networksOf(pack, task)[0];
}
