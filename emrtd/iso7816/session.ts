/**
 * A conversation with one chip: command chaining, GET RESPONSE, repeated Le (ISO/IEC 7816-4 5.3.3, 5.3.4,
 * 11.8.1) and secure messaging over one line, within limits.
 */
import { concat } from '../crypto/bytes.ts';
import { EmrtdError } from '../errors.ts';
import type { Transceiver } from '../types.ts';
import {
  type CommandApdu,
  encodeCommand,
  EXTENDED_DATA,
  EXTENDED_LE,
  needsExtended,
  SHORT_DATA,
  SHORT_LE,
} from './command.ts';
import { DEFAULT_LIMITS, type SessionLimits } from './limits.ts';
import { Line, type LineStatistics } from './line.ts';
import type { Protection } from './protection.ts';
import { parseResponse, type ResponseApdu } from './response.ts';
import { SW } from './status.ts';

export interface SessionOptions {
  transceiver: Transceiver;
  /** What the chip may cost; the rest of `DEFAULT_LIMITS` holds. */
  limits?: Partial<SessionLimits>;
  /** Ends the session at once. */
  signal?: AbortSignal;
  /** Whether adapter and chip take extended length. Default no. */
  extendedLength?: boolean;
  /** Longest command APDU in bytes, when known. */
  maxCommandBytes?: number;
  /** Longest response APDU in bytes, when known; without it reads stay at 256. */
  maxResponseBytes?: number;
}

const CHAINING = 0x10;
const GET_RESPONSE = { cla: 0x00, ins: 0xc0, p1: 0x00, p2: 0x00 };
/** Header, extended Lc and Le of a command APDU. */
const EXTENDED_FRAME = 9;
/** Lengths to fall back to when a chip refuses a read: real documents stop at 224 or at 160. */
const READ_LENGTHS = [SHORT_LE, 224, 160, 96] as const;

export class Session {
  readonly limits: Readonly<SessionLimits>;
  /** Secure messaging, while it is on. */
  channel: Protection | undefined;
  extendedLength: boolean;
  maxCommandBytes: number | undefined;
  maxResponseBytes: number | undefined;
  readonly #line: Line;
  #readLength = EXTENDED_LE;

  constructor(options: SessionOptions) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#line = new Line(options.transceiver, this.limits, options.signal);
    this.extendedLength = options.extendedLength ?? false;
    this.maxCommandBytes = options.maxCommandBytes;
    this.maxResponseBytes = options.maxResponseBytes;
  }

  get statistics(): Readonly<LineStatistics> {
    return this.#line.statistics;
  }

  /** The error that ended the session, if it has ended. */
  get failure(): EmrtdError | undefined {
    return this.#line.failure;
  }

  /** Ends the session: keys are dropped, an exchange under way fails with `error`. */
  close(error: EmrtdError = new EmrtdError('CANCELLED', 'session closed')): void {
    this.channel = undefined;
    this.#line.fail(error);
  }

  /** Most answer bytes to ask for in one READ BINARY now. */
  get readLength(): number {
    const long = this.extendedLength && this.#readLength > SHORT_LE ? this.maxResponseBytes : 0;
    const frame = Math.min(Math.max(SHORT_LE, (long ?? 0) - 2), EXTENDED_LE);
    return Math.min(this.channel?.maxAnswerData(frame) ?? frame, this.#readLength);
  }

  /** Takes the next shorter read length below `refused`; false when there is none. */
  lowerReadLength(refused: number = this.readLength): boolean {
    const next = READ_LENGTHS.find((length) => length < refused);
    if (next === undefined) return false;
    this.#readLength = next;
    return true;
  }

  /**
   * Sends a command and gives the plain answer, whatever its status word. Long data goes by extended
   * length where that is on, else by command chaining. Throws what `Line.exchange`, `parseResponse` and
   * `Protection.unwrap` throw, and APDU_INVALID for a command that cannot be encoded.
   */
  send(command: CommandApdu): Promise<ResponseApdu> {
    const length = command.data?.length ?? 0;
    if (length > this.#maxCommandData()) return this.#sendChain(command);
    const long = this.extendedLength && length > SHORT_DATA;
    return long ? this.#sendLong(command) : this.#sendOne(command);
  }

  /** Some documents announce extended length and refuse it; the command goes by chaining then. */
  async #sendLong(command: CommandApdu): Promise<ResponseApdu> {
    const answer = await this.#sendOne(command);
    if (answer.sw !== SW.WRONG_LENGTH) return answer;
    this.extendedLength = false;
    return this.#sendChain(command);
  }

  /** Command chaining (ISO/IEC 7816-4 5.3.3): all pieces but the last with the chaining bit. */
  async #sendChain(command: CommandApdu): Promise<ResponseApdu> {
    const { data = new Uint8Array(0), le: _, ...header } = command;
    const most = this.#maxCommandData();
    let offset = 0;
    for (; data.length - offset > most; offset += most) {
      const piece = data.subarray(offset, offset + most);
      const answer = await this.#sendOne({ ...header, cla: header.cla | CHAINING, data: piece });
      if (answer.sw !== SW.OK) return answer;
    }
    return this.#sendOne({ ...command, data: data.subarray(offset) });
  }

  #maxCommandData(): number {
    const long = (this.maxCommandBytes ?? EXTENDED_DATA + EXTENDED_FRAME) - EXTENDED_FRAME;
    const frame = this.extendedLength ? Math.max(SHORT_DATA, long) : SHORT_DATA;
    return this.channel?.maxCommandData(frame) ?? frame;
  }

  /** One command with its answer; within secure messaging repeated once with the Le of a protected 6Cxx. */
  #sendOne(command: CommandApdu): Promise<ResponseApdu> {
    const long = command.le !== undefined && command.le > SHORT_LE && !this.extendedLength;
    return this.#transmit(long ? { ...command, le: SHORT_LE } : command, true);
  }

  async #transmit(command: CommandApdu, mayRepeat: boolean): Promise<ResponseApdu> {
    const { channel } = this;
    const extended = this.extendedLength && needsExtended(command);
    const outer = channel === undefined ? command : channel.wrap(command, { extended });
    let answer = parseResponse(await this.#line.exchange(encodeCommand(outer)));
    const sw1 = answer.sw >> 8;
    if (sw1 === 0x61 || sw1 === 0x6c) answer = await this.#complete(outer, answer);
    if (channel === undefined) return answer;
    try {
      answer = channel.unwrap(answer);
    } catch (error) {
      if (this.channel === channel) this.channel = undefined;
      throw error;
    }
    if (answer.sw >> 8 !== 0x6c || command.le === undefined || !mayRepeat) return answer;
    return this.#transmit({ ...command, le: rightLe(answer.sw) }, false);
  }

  /** What a chip that asks for another Le or announces more bytes gives in the end. */
  async #complete(outer: CommandApdu, first: ResponseApdu): Promise<ResponseApdu> {
    let answer = first;
    // with data it is a protected answer: the same bytes again would break the chip's sequence counter
    if (answer.sw >> 8 === 0x6c && answer.data.length === 0 && outer.le !== undefined) {
      answer = await this.#exchange({ ...outer, le: rightLe(answer.sw) });
    }
    return answer.sw >> 8 === 0x61 ? this.#collect(answer) : answer;
  }

  /** The rest of an answer, in the parts that the chip announces with 61xx. */
  async #collect(first: ResponseApdu): Promise<ResponseApdu> {
    const parts = [first.data];
    let { sw } = first;
    let length = first.data.length;
    for (let count = 0; sw >> 8 === 0x61; count++) {
      if (count >= this.limits.maxAnswerParts || length > EXTENDED_LE) {
        const error = new EmrtdError('LIMIT_EXCEEDED', 'chip: answer in too many parts');
        this.close(error);
        throw error;
      }
      const part = await this.#exchange({ ...GET_RESPONSE, le: rightLe(sw) });
      parts.push(part.data);
      length += part.data.length;
      sw = part.sw;
    }
    return { data: concat(...parts), sw };
  }

  async #exchange(command: CommandApdu): Promise<ResponseApdu> {
    return parseResponse(await this.#line.exchange(encodeCommand(command)));
  }
}

/** Le out of 61xx or 6Cxx, where 00 means 256. */
function rightLe(sw: number): number {
  return (sw & 0xff) === 0 ? SHORT_LE : sw & 0xff;
}
