/**
 * The line to a chip behind a client's socket: one command out, one answer back, strictly in turn. An
 * answer nobody asked for, or one that is no response APDU, is the end of the session.
 */
import type { Transceiver } from '../../emrtd/mod.ts';
import { DocvalError } from './errors.ts';
import { MAX_APDU_BYTES } from './limits.ts';

/** The status word alone. */
const LEAST_APDU_BYTES = 2;

export class ChipRelay implements Transceiver {
  readonly #send: (command: Uint8Array) => void;
  #waiting: PromiseWithResolvers<Uint8Array> | undefined;

  /** @param send puts a command on the wire; may throw */
  constructor(send: (command: Uint8Array) => void) {
    this.#send = send;
  }

  transceive(command: Uint8Array): Promise<Uint8Array> {
    const waiting = Promise.withResolvers<Uint8Array>();
    this.#waiting = waiting;
    this.#send(command);
    return waiting.promise;
  }

  /**
   * Takes the answer of the chip.
   * @throws DocvalError UNEXPECTED_MESSAGE when no command is open, PROTOCOL_ERROR when it is longer than
   * any response APDU, NFC_CHIP_COMMUNICATION_FAILED when it has no status word
   */
  deliver(answer: Uint8Array): void {
    const waiting = this.#waiting;
    if (waiting === undefined) {
      throw new DocvalError('UNEXPECTED_MESSAGE', 'an answer without a command');
    }
    if (answer.length > MAX_APDU_BYTES) {
      throw new DocvalError('PROTOCOL_ERROR', `an answer of ${answer.length} bytes`);
    }
    if (answer.length < LEAST_APDU_BYTES) {
      throw new DocvalError('NFC_CHIP_COMMUNICATION_FAILED', 'an answer without status word');
    }
    this.#waiting = undefined;
    waiting.resolve(answer);
  }
}
