/** Which network of a pack does a task. */
import type { Network, Pack } from '../../models/mod.ts';
import { FaceError } from '../errors.ts';

/**
 * @returns the id of the first network of a task
 * @throws FaceError PACK_INCOMPLETE when the pack has none
 */
export function networkOf(pack: Pack, task: Network['task']): string {
  const network = pack.manifest.networks.find((entry) => entry.task === task);
  if (network === undefined) throw new FaceError('PACK_INCOMPLETE', `model pack: no ${task}`);
  return network.id;
}
