/** Checks that a manifest makes sense beyond its schema. */
import type { Pack } from './pack.ts';

/** @throws PackError PACK_MALFORMED, naming the network */
export async function checkMeaning(_pack: Pack): Promise<void> {}
