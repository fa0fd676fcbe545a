/** Command APDUs and their encoding (ISO/IEC 7816-4 5.2; 9303-10 3.6): all four cases, short and extended. */
import { EmrtdError } from '../errors.ts';

/** One command. `data` absent or empty: no Lc. `le` absent: no answer data asked for. */
export interface CommandApdu {
  cla: number;
  ins: number;
  p1: number;
  p2: number;
  data?: Uint8Array;
  /** Number of answer bytes asked for, 1 to 65536; 256 and 65536 also mean "all there are". */
  le?: number;
}

/** Longest data field and largest Le of the short form. */
export const SHORT_DATA = 255;
export const SHORT_LE = 256;
/** The same of the extended form. */
export const EXTENDED_DATA = 65535;
export const EXTENDED_LE = 65536;

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff;
}

/** True when the command does not fit the short form. */
export function needsExtended(command: CommandApdu): boolean {
  return (command.data?.length ?? 0) > SHORT_DATA || (command.le ?? 0) > SHORT_LE;
}

function check(command: CommandApdu): void {
  const { cla, ins, p1, p2, data, le } = command;
  if (!isByte(cla) || !isByte(ins) || !isByte(p1) || !isByte(p2)) {
    throw new EmrtdError('APDU_INVALID', 'command header: a value is not a byte');
  }
  if (data !== undefined && data.length > EXTENDED_DATA) {
    throw new EmrtdError('APDU_INVALID', `command data: ${data.length} bytes, 65535 is the most`);
  }
  if (le !== undefined && (!Number.isInteger(le) || le < 1 || le > EXTENDED_LE)) {
    throw new EmrtdError('APDU_INVALID', `Le ${le} is not between 1 and 65536`);
  }
}

/** Lc or Le; 256 and 65536 come out as zeros. */
function putLength(bytes: Uint8Array, offset: number, value: number, width: number): void {
  if (width === 2) bytes[offset] = (value >> 8) & 0xff;
  bytes[offset + width - 1] = value & 0xff;
}

/**
 * The bytes of a command. The short form is used unless data or Le needs the extended one or
 * `extended` asks for it. Throws APDU_INVALID when a header value is no byte or a length is out of range.
 */
export function encodeCommand(
  command: CommandApdu,
  options: { extended?: boolean } = {},
): Uint8Array {
  check(command);
  const extended = options.extended === true || needsExtended(command);
  const { cla, ins, p1, p2, data, le } = command;
  const lc = data?.length ?? 0;
  const width = extended ? 2 : 1;
  const marker = extended && (lc > 0 || le !== undefined) ? 1 : 0;
  const dataEnd = 4 + marker + (lc > 0 ? width + lc : 0);
  const bytes = new Uint8Array(dataEnd + (le === undefined ? 0 : width));
  bytes[0] = cla;
  bytes[1] = ins;
  bytes[2] = p1;
  bytes[3] = p2;
  if (data !== undefined && lc > 0) {
    putLength(bytes, 4 + marker, lc, width);
    bytes.set(data, dataEnd - lc);
  }
  if (le !== undefined) putLength(bytes, dataEnd, le, width);
  return bytes;
}

/** Le of the short form is one byte, 00 for 256; of the extended form two, 0000 for 65536. */
function readLe(bytes: Uint8Array, offset: number, width: number): number {
  if (width === 1) return bytes[offset] === 0 ? SHORT_LE : bytes[offset];
  const le = bytes[offset] * 256 + bytes[offset + 1];
  return le === 0 ? EXTENDED_LE : le;
}

/** Reads a command APDU back, for relays that look at what passes. Throws APDU_INVALID on any other length. */
export function parseCommand(bytes: Uint8Array): CommandApdu & { extended: boolean } {
  if (bytes.length < 4) throw new EmrtdError('APDU_INVALID', 'command is shorter than its header');
  const [cla, ins, p1, p2] = bytes;
  const header = { cla, ins, p1, p2 };
  if (bytes.length === 4) return { ...header, extended: false };
  const extended = bytes[4] === 0 && bytes.length >= 7;
  const width = extended ? 2 : 1;
  const start = extended ? 5 : 4;
  if (bytes.length === start + width) {
    return { ...header, le: readLe(bytes, start, width), extended };
  }
  const lc = extended ? bytes[5] * 256 + bytes[6] : bytes[4];
  const dataStart = start + width;
  const rest = bytes.length - dataStart - lc;
  if (lc === 0 || (rest !== 0 && rest !== width)) {
    throw new EmrtdError('APDU_INVALID', 'command: Lc does not fit its length');
  }
  const data = bytes.subarray(dataStart, dataStart + lc);
  if (rest === 0) return { ...header, data, extended };
  return { ...header, data, le: readLe(bytes, dataStart + lc, width), extended };
}
