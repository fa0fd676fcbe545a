/** EF.CardAccess (9303-11 4.4.2, 9.2.8): what access protocols the chip announces, before any key is used. */
import { EmrtdError } from '../errors.ts';
import { atStep, EF_CARD_ACCESS, readFile, type Session } from '../iso7816/mod.ts';
import { parseSecurityInfos, type SecurityInfos } from '../lds/mod.ts';

export interface CardAccess {
  bytes: Uint8Array;
  infos: SecurityInfos;
}

/** A document without PACE has no EF.CardAccess; any refusal to give it means the same. */
function meansAbsent(error: unknown): boolean {
  return error instanceof EmrtdError &&
    (error.code === 'FILE_NOT_FOUND' || error.code === 'STATUS_WORD');
}

/**
 * Reads EF.CardAccess of the master file; undefined when the chip has none. Throws ACCESS_FAILED for a file
 * that is broken.
 */
export async function readCardAccess(session: Session): Promise<CardAccess | undefined> {
  return await atStep('EF.CardAccess', 'ACCESS_FAILED', async () => {
    try {
      const bytes = await readFile(session, EF_CARD_ACCESS);
      return { bytes, infos: parseSecurityInfos(bytes, 'EF.CardAccess').data };
    } catch (error) {
      if (meansAbsent(error)) return undefined;
      throw error;
    }
  });
}
