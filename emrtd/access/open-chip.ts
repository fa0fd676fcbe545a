/**
 * The order in which access is tried (9303-11 4.2): PACE with what EF.CardAccess offers, best first, then
 * BAC. A wrong password ends it at once: a second protocol would only cost the chip another try.
 */
import { EmrtdError } from '../errors.ts';
import {
  EF_COM,
  readDir,
  selectApplication,
  selectFile,
  selectMasterFile,
  type Session,
} from '../iso7816/mod.ts';
import type { PaceInfo } from '../lds/mod.ts';
import type { Random } from '../types.ts';
import { authenticateBac } from './bac.ts';
import { type CardAccess, readCardAccess } from './card-access.ts';
import type { CamEvidence } from './chip-authentication-mapping.ts';
import { authenticatePace } from './pace.ts';
import { type PaceChoice, paceChoices } from './pace-domain.ts';
import type { AccessPassword } from './password.ts';

/** How the chip was opened. `none` means that it asked for nothing. */
export type AccessMethod =
  | { protocol: 'PACE'; info: PaceInfo; domainName: string }
  | { protocol: 'BAC' }
  | { protocol: 'none' };

export interface OpenedChip {
  method: AccessMethod;
  cardAccess: CardAccess | undefined;
  /** With chip authentication mapping; not yet verified. */
  cam?: CamEvidence;
  /** Why PACE was not used although the chip offers it. */
  fallback?: string;
}

/** Entries of EF.CardAccess that are tried; more would be a chip that plays for time. */
const MAX_PACE_TRIES = 3;

/** The chip refused the protocol by a status word before the password was put to the test. */
function mayTryAnother(error: unknown): error is EmrtdError {
  if (!(error instanceof EmrtdError) || error.step === 'PACE 4') return false;
  if (error.code === 'ACCESS_UNSUPPORTED') return true;
  return error.code === 'ACCESS_FAILED' && error.statusWord !== undefined;
}

async function tryPace(
  session: Session,
  choices: readonly PaceChoice[],
  password: AccessPassword,
  random: Random,
): Promise<Omit<OpenedChip, 'cardAccess'> | EmrtdError> {
  let refusal = new EmrtdError('ACCESS_UNSUPPORTED', 'PACE: nothing that this library can run');
  for (const { info, agreement, domainName } of choices.slice(0, MAX_PACE_TRIES)) {
    try {
      const options = { info, agreement, password, random };
      const { cam } = await authenticatePace(session, options);
      const method = { protocol: 'PACE', info, domainName } as const;
      return cam === undefined ? { method } : { method, cam };
    } catch (error) {
      if (!mayTryAnother(error)) throw error;
      refusal = error;
    }
  }
  return refusal;
}

/** Whether files can be selected without any key, as documents without access control allow. */
async function isOpen(session: Session): Promise<boolean> {
  try {
    await selectFile(session, EF_COM);
    return true;
  } catch (error) {
    if (error instanceof EmrtdError && error.statusWord !== undefined) return false;
    throw error;
  }
}

/** BAC in the selected application; a chip that has no GET CHALLENGE may have no access control. */
async function tryBac(
  session: Session,
  password: AccessPassword,
  random: Random,
): Promise<AccessMethod> {
  try {
    await authenticateBac(session, password, random);
    return { protocol: 'BAC' };
  } catch (error) {
    const noChallenge = error instanceof EmrtdError && error.step === 'BAC 1' &&
      error.statusWord !== undefined;
    if (noChallenge && await isOpen(session)) return { protocol: 'none' };
    throw error;
  }
}

/** EF.CardAccess, or why a chip that has one cannot be understood. */
async function announcement(session: Session): Promise<CardAccess | EmrtdError | undefined> {
  try {
    return await readCardAccess(session);
  } catch (error) {
    if (error instanceof EmrtdError && session.failure === undefined) return error;
    throw error;
  }
}

/**
 * PACE with one of the offers of EF.CardAccess, or why it cannot be. A broken file offers nothing; whether
 * it hid a protocol is seen in DG14, which is signed.
 */
async function openWithPace(
  session: Session,
  announced: CardAccess | EmrtdError | undefined,
  password: AccessPassword,
  random: Random,
): Promise<Omit<OpenedChip, 'cardAccess'> | EmrtdError | undefined> {
  if (announced === undefined || announced instanceof EmrtdError) return announced;
  const { infos } = announced;
  if (infos.pace.length === 0) return undefined;
  return await tryPace(session, paceChoices(infos), password, random);
}

/**
 * Opens the chip; the eMRTD application is not yet selected after PACE, see `enterApplication`. Reads
 * EF.CardAccess unless `known` gives it. Throws ACCESS_DENIED for a wrong password, ACCESS_FAILED with the
 * step for a chip that breaks the protocol, ACCESS_UNSUPPORTED when the password fits nothing that the chip
 * offers.
 */
export async function openChip(
  session: Session,
  password: AccessPassword,
  random: Random,
  known?: CardAccess,
): Promise<OpenedChip> {
  await selectMasterFile(session);
  const announced = known ?? await announcement(session);
  const cardAccess = announced instanceof EmrtdError ? undefined : announced;
  const pace = await openWithPace(session, announced, password, random);
  if (pace !== undefined && !(pace instanceof EmrtdError)) return { ...pace, cardAccess };
  if (password.kind !== 'MRZ') {
    const message = `the chip does not offer PACE, which the ${password.kind} is for`;
    throw pace ?? new EmrtdError('ACCESS_UNSUPPORTED', message);
  }
  await enterApplication(session);
  const method = await tryBac(session, password, random);
  return { method, cardAccess, ...(pace && { fallback: pace.message }) };
}

/**
 * Selects the eMRTD application. Not to be done twice: some documents lose the session by it. Throws
 * ACCESS_UNSUPPORTED when the chip has none, as some identity cards.
 */
export async function enterApplication(session: Session): Promise<void> {
  try {
    await selectApplication(session);
  } catch (error) {
    if (!(error instanceof EmrtdError) || error.code !== 'STATUS_WORD') throw error;
    const { statusWord } = error;
    const others = await countApplications(session);
    const message = `${error.message}; EF.DIR names ${others} applications`;
    throw new EmrtdError('ACCESS_UNSUPPORTED', message, { statusWord, cause: error });
  }
}

async function countApplications(session: Session): Promise<number> {
  try {
    return (await readDir(session)).length;
  } catch (error) {
    if (error instanceof EmrtdError && session.failure === undefined) return 0;
    throw error;
  }
}
