/**
 * The software chip: an eMRTD that speaks ICAO 9303-11 from its own reading of the standard, for tests and
 * demonstrations. It shares ASN.1 and cryptographic primitives with the reader and no protocol code.
 */
import { concat } from '../crypto/mod.ts';
import type { Random, Transceiver } from '../types.ts';
import {
  externalAuthenticate,
  generalAuthenticate,
  getChallenge,
  internalAuthenticate,
  manageSecurityEnvironment,
} from './access-commands.ts';
import { type ChipCommand, type ChipReply, readCommand, status, SW, writeReply } from './apdu.ts';
import type { ChipDocument } from './document.ts';
import { Faults, type FaultSettings } from './fault.ts';
import { readBinary, select } from './file-commands.ts';
import type { ReplyFlaw } from './secure-channel.ts';
import type { ChipState, Outcome } from './state.ts';

/** What the chip needs from outside. */
export interface ChipOptions extends FaultSettings {
  /** Nonces and ephemeral keys; a deterministic source makes runs repeatable. */
  random: Random;
}

const MAX_CHAINED_BYTES = 65536;

/** One chip in the field of a reader; a new one for every session, as after a reset. */
export class SoftwareChip implements Transceiver {
  readonly #state: ChipState;
  /** Rest of an answer that did not fit (ISO/IEC 7816-4 7.6.1, GET RESPONSE). */
  #rest: Uint8Array = new Uint8Array();
  #restStatus: number = SW.ok;
  /** Data of a command chain so far. */
  #chained: Uint8Array = new Uint8Array();

  constructor(document: ChipDocument, options: ChipOptions) {
    this.#state = {
      document,
      random: options.random,
      faults: new Faults(options),
      application: 'master',
    };
  }

  /**
   * Answers one command APDU. With the fault `hang` the promise settles only when `signal` aborts; with
   * `slow` it settles after the delay.
   */
  async transceive(command: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    const { faults } = this.#state;
    if (faults.due('hang')) return await forever(signal);
    if (faults.delayMs > 0) await pause(faults.delayMs, signal);
    return this.answer(command);
  }

  /** Answers one command APDU at once; the faults `hang` and `slow` have no part in it. */
  answer(bytes: Uint8Array): Uint8Array {
    const { faults, random } = this.#state;
    if (faults.due('empty-answer')) return new Uint8Array();
    if (faults.due('nonsense')) return random(1 + random(1)[0] % 64);
    if (faults.due('endless-61')) return concat(random(16), Uint8Array.of(0x61, 0x10));
    const command = readCommand(bytes);
    if (command === undefined || this.#tooLong(command)) return writeReply(status(SW.wrongLength));
    if (command.ins === 0xc0) return this.#giveRest(command);
    return this.#fit(this.#protect(command), command);
  }

  #tooLong(command: ChipCommand): boolean {
    const { document, faults } = this.#state;
    const limit = faults.has('extended-refused') ? undefined : document.extendedLength;
    return command.extended && (limit === undefined || command.data.length > limit);
  }

  /** Takes secure messaging off, runs the command, puts it on again. */
  #protect(outer: ChipCommand): ChipReply {
    const state = this.#state;
    const { channel, faults } = state;
    if ((outer.cla & ~0x1c) !== 0) return status(SW.claUnsupported);
    if ((outer.cla & 0x0c) === 0) {
      // a plain command ends the session (9303-11 9.8.3)
      if (channel !== undefined) this.#forget();
      const outcome = this.#run(outer, this.#capacity(outer));
      state.channel = outcome.channel;
      return outcome.reply;
    }
    if (channel === undefined) return status(SW.smMissing);
    if (faults.due('sm-lost')) {
      this.#forget();
      return status(SW.smIncorrect);
    }
    const command = channel.unwrap(outer);
    if (typeof command === 'number') {
      this.#forget();
      return status(command);
    }
    if (faults.has('long-read-loses-session') && command.ins === 0xb0 && command.ne > 160) {
      this.#forget();
      return status(SW.wrongOffset);
    }
    const capacity = channel.plainCapacity(this.#capacity(outer));
    const outcome = this.#run({ ...command, extended: outer.extended }, capacity);
    if (faults.due('sm-plain-answer')) return outcome.reply;
    const reply = channel.wrap(outer, outcome.reply, this.#flaw(outcome.reply));
    if (outcome.channel !== undefined) state.channel = outcome.channel;
    return reply;
  }

  #flaw(reply: ChipReply): ReplyFlaw {
    const { faults } = this.#state;
    const flaw: ReplyFlaw = {
      mac: faults.due('sm-wrong-mac'),
      omitMac: faults.due('sm-no-mac'),
      omitStatus: faults.due('sm-no-status'),
      padding: reply.data.length > 0 && faults.due('sm-wrong-padding'),
    };
    if (faults.due('sm-other-status')) flaw.outerStatus = reply.sw === SW.ok ? 0x6282 : SW.ok;
    return flaw;
  }

  /** Back to the state before access was given. */
  #forget(): void {
    const state = this.#state;
    state.channel = undefined;
    state.access = undefined;
    state.pace = undefined;
    state.agreement = undefined;
    state.file = undefined;
  }

  /** Data bytes that the answer to this command may have on the line. */
  #capacity(command: ChipCommand): number {
    const limit = this.#state.document.extendedLength ?? 256;
    return command.extended ? limit : 256;
  }

  #run(command: ChipCommand, capacity: number): Outcome {
    const chained = (command.cla & 0x10) !== 0;
    if (this.#chained.length + command.data.length > MAX_CHAINED_BYTES) {
      this.#chained = new Uint8Array();
      return { reply: status(SW.wrongLength) };
    }
    const data = concat(this.#chained, command.data);
    // PACE chains whole steps (9303-11 4.4.4.3); other chains carry one command in pieces
    if (chained && !(command.ins === 0x86 && isWhole(data))) {
      this.#chained = data;
      return { reply: status(SW.ok) };
    }
    this.#chained = new Uint8Array();
    return this.#dispatch({ ...command, data }, capacity);
  }

  #dispatch(command: ChipCommand, capacity: number): Outcome {
    const state = this.#state;
    switch (command.ins) {
      case 0xa4:
        return { reply: select(state, command) };
      case 0xb0:
      case 0xb1:
        return { reply: readBinary(state, command, capacity) };
      case 0x84:
        return getChallenge(state, command);
      case 0x82:
        return externalAuthenticate(state, command);
      case 0x22:
        return manageSecurityEnvironment(state, command);
      case 0x86:
        return generalAuthenticate(state, command);
      case 0x88:
        return internalAuthenticate(state, command);
      default:
        return { reply: status(SW.insUnknown) };
    }
  }

  /** Cuts an answer to what the terminal takes and keeps the rest for GET RESPONSE. */
  #fit(reply: ChipReply, command: ChipCommand): Uint8Array {
    const most = command.ne === 0 ? (command.extended ? 65536 : 256) : command.ne;
    this.#rest = reply.data.subarray(most);
    this.#restStatus = reply.sw;
    if (this.#rest.length === 0) return writeReply(reply);
    return writeReply({ data: reply.data.subarray(0, most), sw: moreData(this.#rest.length) });
  }

  #giveRest(command: ChipCommand): Uint8Array {
    if (this.#rest.length === 0) return writeReply(status(SW.conditions));
    return this.#fit({ data: this.#rest, sw: this.#restStatus }, command);
  }
}

function moreData(length: number): number {
  return 0x6100 | (length > 255 ? 0 : length);
}

/** True when the bytes hold a whole dynamic authentication object, or none. */
function isWhole(data: Uint8Array): boolean {
  if (data.length < 2) return false;
  if (data[1] < 0x80) return data.length >= 2 + data[1];
  const count = data[1] & 0x7f;
  if (count > 2 || data.length < 2 + count) return false;
  const length = data.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return data.length >= 2 + count + length;
}

function forever(signal?: AbortSignal): Promise<Uint8Array> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal?.reason);
    if (signal?.aborted) fail();
    else signal?.addEventListener('abort', fail, { once: true });
  });
}

function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal?.removeEventListener('abort', fail);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    const fail = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) fail();
    else signal?.addEventListener('abort', fail, { once: true });
  });
}
