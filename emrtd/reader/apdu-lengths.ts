/** How long APDUs may be, as the chip says in EF.ATR/INFO (9303-10 3.11.1, ISO/IEC 7816-4 12.7.1). */
import { EmrtdError } from '../errors.ts';
import { type AtrInfo, readAtrInfo, selectMasterFile, type Session } from '../iso7816/mod.ts';

/** Below this a length is not one of a card that reads files at all. */
const LEAST_BYTES = 64;

async function atrInfo(session: Session): Promise<AtrInfo> {
  try {
    await selectMasterFile(session);
    return await readAtrInfo(session);
  } catch (error) {
    // an optional file: without it commands stay short
    if (error instanceof EmrtdError && session.failure === undefined) return {};
    throw error;
  }
}

/** Sets the lengths of the session; a chip that says it has no extended length gets none. */
export async function discoverLengths(session: Session): Promise<void> {
  const info = await atrInfo(session);
  if (info.extendedLength === false) session.extendedLength = false;
  const { maxCommandBytes = 0, maxResponseBytes = 0 } = info;
  if (maxCommandBytes >= LEAST_BYTES) session.maxCommandBytes ??= maxCommandBytes;
  if (maxResponseBytes >= LEAST_BYTES) session.maxResponseBytes = maxResponseBytes;
}
