/** Cards and licence of the optional networks, as text inside the program. */
import minifasnetV1se from './cards/minifasnet-v1se.md' with { type: 'text' };
import minifasnetV2 from './cards/minifasnet-v2.md' with { type: 'text' };
import yunet from './cards/yunet.md' with { type: 'text' };
import apache from './licences/apache-2.0.txt' with { type: 'text' };
import type { OptionalNetworkId } from './known-files.ts';

export const CARDS: Readonly<Record<OptionalNetworkId, string>> = {
  'minifasnet-v2': minifasnetV2,
  'minifasnet-v1se': minifasnetV1se,
  'yunet-320': yunet,
  'yunet-640': yunet,
};

/** Apache License 2.0, in full. */
export const LICENCE_TEXT: string = apache;
