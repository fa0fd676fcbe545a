/** SELECT of master file, application and elementary file (9303-10 3.6.3; ISO/IEC 7816-4 11.2.2), never with Le. */
import { EmrtdError } from '../errors.ts';
import { EMRTD_AID, type FileId } from './files.ts';
import type { Session } from './session.ts';
import { statusName, SW } from './status.ts';

const SELECT = { cla: 0x00, ins: 0xa4 };
/** P2: no answer data, so no Le; some documents refuse a SELECT that has one (6700). */
const NO_ANSWER = 0x0c;

/**
 * Selects the master file, by its identifier and, if refused, implicitly. Documents that have no
 * selectable master file refuse both and read on well, so a refusal is not an error.
 */
export async function selectMasterFile(session: Session): Promise<void> {
  const command = { ...SELECT, p1: 0x00, p2: NO_ANSWER };
  const answer = await session.send({ ...command, data: Uint8Array.of(0x3f, 0x00) });
  if (answer.sw !== SW.OK) await session.send(command);
}

/** Selects an application, by default the eMRTD application. Throws STATUS_WORD when it is refused. */
export async function selectApplication(
  session: Session,
  aid: Uint8Array = EMRTD_AID,
): Promise<void> {
  const { sw } = await session.send({ ...SELECT, p1: 0x04, p2: NO_ANSWER, data: aid });
  if (sw !== SW.OK) {
    throw new EmrtdError('STATUS_WORD', `SELECT of the application: ${statusName(sw)}`, {
      statusWord: sw,
    });
  }
}

/** Selects a file of the current application. Throws FILE_NOT_FOUND (6A82) or STATUS_WORD. */
export async function selectFile(session: Session, file: FileId): Promise<void> {
  const data = Uint8Array.of(file.fid >> 8, file.fid & 0xff);
  const { sw } = await session.send({ ...SELECT, p1: 0x02, p2: NO_ANSWER, data });
  if (sw === SW.OK) return;
  const code = sw === SW.FILE_NOT_FOUND ? 'FILE_NOT_FOUND' : 'STATUS_WORD';
  throw new EmrtdError(code, `SELECT of ${file.name}: ${statusName(sw)}`, { statusWord: sw });
}
