/**
 * READ BINARY of one block (9303-10 3.6.3.2; ISO/IEC 7816-4 11.3.3): INS B0 by offset, INS B1 with an
 * offset object beyond 32 KiB, and shorter blocks where a document refuses longer ones.
 */
import { parseTlv, tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { CommandApdu } from './command.ts';
import type { ResponseApdu } from './response.ts';
import type { Session } from './session.ts';
import { statusName, SW } from './status.ts';

/** P1 P2 of INS B0 hold 15 bits of offset. */
const MAX_SHORT_OFFSET = 0x7fff;
const DO_OFFSET = 0x54;
const DO_DATA = 0x53;
/** Longest header of DO53 around a block of up to 65535 bytes. */
const DO_DATA_HEADER = 4;

/** Offset as P1 P2; as a data object (INS B1) beyond what P1 P2 hold. */
function readCommand(offset: number, length: number): CommandApdu {
  if (offset <= MAX_SHORT_OFFSET) {
    return { cla: 0x00, ins: 0xb0, p1: offset >> 8, p2: offset & 0xff, le: length };
  }
  const bytes = [offset >> 24, offset >> 16, offset >> 8, offset].map((byte) => byte & 0xff);
  const shortest = bytes.slice(Math.min(bytes.findIndex((byte) => byte !== 0), 2));
  const data = tlv(DO_OFFSET, Uint8Array.from(shortest));
  return { cla: 0x00, ins: 0xb1, p1: 0x00, p2: 0x00, data, le: length + DO_DATA_HEADER };
}

function blockData(name: string, offset: number, answer: ResponseApdu): Uint8Array {
  if (offset <= MAX_SHORT_OFFSET || answer.data.length === 0) return answer.data;
  const object = parseTlv(answer.data, { name, ber: true, allowTrailing: true });
  if (object.tag !== DO_DATA) {
    throw new EmrtdError('RESPONSE_MALFORMED', `${name}: READ BINARY B1 answered without DO53`);
  }
  return object.value;
}

/** Words with which real documents refuse the length of a read rather than the read. */
function refusesLength({ sw, data }: ResponseApdu): boolean {
  if (sw === SW.WRONG_LENGTH || sw === SW.WRONG_OFFSET || sw >> 8 === 0x6c) return true;
  return sw === SW.END_OF_FILE && data.length === 0;
}

/**
 * Up to `wanted` bytes of the current file at `offset`, at least one. Throws FILE_TRUNCATED when the file
 * ends before, STATUS_WORD when the chip refuses, and what `Session.send` throws.
 */
export async function readBlock(
  session: Session,
  name: string,
  offset: number,
  wanted: number,
): Promise<Uint8Array> {
  for (;;) {
    const most = session.readLength - (offset > MAX_SHORT_OFFSET ? DO_DATA_HEADER : 0);
    const length = Math.min(wanted, most);
    const answer = await session.send(readCommand(offset, length));
    if (answer.sw === SW.OK || answer.sw === SW.END_OF_FILE) {
      const data = blockData(name, offset, answer);
      if (data.length > 0) return data.length > length ? data.subarray(0, length) : data;
    }
    if (refusesLength(answer) && session.lowerReadLength(length)) continue;
    throw readFailure(name, offset, answer.sw);
  }
}

function readFailure(name: string, offset: number, sw: number): EmrtdError {
  if (sw === SW.OK || sw === SW.END_OF_FILE || sw === SW.WRONG_OFFSET) {
    const message = `${name}: ends at ${offset}, before its stated length`;
    return new EmrtdError('FILE_TRUNCATED', message, { statusWord: sw });
  }
  const code = sw === SW.FILE_NOT_FOUND ? 'FILE_NOT_FOUND' : 'STATUS_WORD';
  const message = `${name}: READ BINARY at ${offset}: ${statusName(sw)}`;
  return new EmrtdError(code, message, { statusWord: sw });
}
