/**
 * Reading an elementary file (9303-10 3.6.3): by SELECT or by short identifier, as long as its outer tag
 * says. Memory grows with what the chip sends; what it claims counts for 16 KiB at most. Each block is
 * copied to its place at once, because a block that is kept takes more than twice the bytes it holds.
 */
import { concat } from '../crypto/bytes.ts';
import { EmrtdError } from '../errors.ts';
import type { FileId } from './files.ts';
import { readBlock } from './read-binary.ts';
import { selectFile } from './select.ts';
import type { Session } from './session.ts';
import { statusName, SW } from './status.ts';

/** How a file is made the current one: SELECT, or READ BINARY with its short identifier. */
export type FileAccess = 'select' | 'sfi';

/** Tag, length byte and two more: enough for any file below 64 KiB. */
const HEAD_BYTES = 4;
/** One tag byte, one length byte, four length bytes: the longest header accepted. */
const LONGEST_HEAD = 6;
/** Most bytes set aside before they have come; the room is doubled when it is full. */
const FIRST_ROOM = 16 * 1024;

/**
 * Total length of a file by its first bytes, or undefined when more of them are needed. Throws
 * RESPONSE_MALFORMED when they are no tag and definite length.
 */
function statedLength(name: string, head: Uint8Array): number | undefined {
  if (head[0] === 0x00 || head[0] === 0xff || (head[0] & 0x1f) === 0x1f) {
    throw new EmrtdError('RESPONSE_MALFORMED', `${name}: does not begin with a file tag`);
  }
  if (head.length < 2) return undefined;
  if (head[1] < 0x80) return 2 + head[1];
  const count = head[1] & 0x7f;
  if (count === 0 || count > 4) {
    throw new EmrtdError('RESPONSE_MALFORMED', `${name}: length cannot be read`);
  }
  if (head.length < 2 + count) return undefined;
  let length = 0;
  for (const byte of head.subarray(2, 2 + count)) length = length * 256 + byte;
  return 2 + count + length;
}

/** The first bytes; by short identifier this also makes the file the current one. */
async function readHead(session: Session, file: FileId, access: FileAccess): Promise<Uint8Array> {
  if (access === 'select') {
    await selectFile(session, file);
    return readBlock(session, file.name, 0, HEAD_BYTES);
  }
  const { sw, data } = await session.send({
    cla: 0x00,
    ins: 0xb0,
    p1: 0x80 | file.sfi,
    p2: 0x00,
    le: HEAD_BYTES,
  });
  if ((sw === SW.OK || sw === SW.END_OF_FILE) && data.length > 0) {
    return data.subarray(0, HEAD_BYTES);
  }
  const code = sw === SW.FILE_NOT_FOUND ? 'FILE_NOT_FOUND' : 'STATUS_WORD';
  throw new EmrtdError(code, `${file.name}: READ BINARY by short identifier: ${statusName(sw)}`, {
    statusWord: sw,
  });
}

/**
 * A whole file with its outer tag. Throws FILE_NOT_FOUND, FILE_TRUNCATED, LIMIT_EXCEEDED when it states
 * more than `limits.maxFileBytes`, RESPONSE_MALFORMED when it does not begin like a file, STATUS_WORD, and
 * what `Session.send` throws.
 */
export async function readFile(
  session: Session,
  file: FileId,
  access: FileAccess = 'select',
): Promise<Uint8Array> {
  let head = await readHead(session, file, access);
  let total = statedLength(file.name, head);
  while (total === undefined) {
    if (head.length >= LONGEST_HEAD) {
      throw new EmrtdError('RESPONSE_MALFORMED', `${file.name}: length cannot be read`);
    }
    const more = await readBlock(session, file.name, head.length, LONGEST_HEAD - head.length);
    head = concat(head, more);
    total = statedLength(file.name, head);
  }
  const { maxFileBytes } = session.limits;
  if (total > maxFileBytes) {
    const message = `${file.name}: states ${total} bytes, ${maxFileBytes} is the limit`;
    throw new EmrtdError('LIMIT_EXCEEDED', message);
  }
  let bytes = new Uint8Array(Math.min(total, FIRST_ROOM));
  let offset = Math.min(total, head.length);
  bytes.set(head.subarray(0, offset));
  while (offset < total) {
    const block = await readBlock(session, file.name, offset, total - offset);
    const end = offset + block.length;
    if (end > bytes.length) {
      const room = new Uint8Array(Math.min(total, Math.max(end, 2 * bytes.length)));
      room.set(bytes);
      bytes = room;
    }
    bytes.set(block, offset);
    offset = end;
  }
  return bytes;
}

/**
 * Everything a file has, for files that are a list of data objects (EF.ATR/INFO, EF.DIR): reads until the
 * chip says that the file has ended. Throws as `readFile` does.
 */
export async function readWholeFile(
  session: Session,
  file: FileId,
  maxBytes: number,
): Promise<Uint8Array> {
  await selectFile(session, file);
  const blocks: Uint8Array[] = [];
  let offset = 0;
  while (offset < maxBytes) {
    const length = Math.min(session.readLength, maxBytes - offset);
    const p = { p1: offset >> 8, p2: offset & 0xff };
    const { sw, data } = await session.send({ cla: 0x00, ins: 0xb0, ...p, le: length });
    const given = sw === SW.OK || sw === SW.END_OF_FILE;
    if (!given && offset === 0) {
      throw new EmrtdError('STATUS_WORD', `${file.name}: READ BINARY: ${statusName(sw)}`, {
        statusWord: sw,
      });
    }
    if (!given || data.length === 0) break;
    blocks.push(data.subarray(0, length));
    offset += Math.min(data.length, length);
    if (sw === SW.END_OF_FILE || data.length < length) break;
  }
  return concat(...blocks);
}
