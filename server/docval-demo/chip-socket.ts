/** A software chip behind a socket: one command APDU as a binary message in, one response APDU back. */
import type { SoftwareChip } from '../../emrtd/chip/mod.ts';
import type { SocketOwner, Wire } from '../core/http/sockets.ts';

/** An extended command APDU (ISO/IEC 7816-4 5.1): header, lengths, 65,535 data bytes. */
const MAX_COMMAND_BYTES = 65_544;
/** As long as a session may last. */
const LIFETIME_MS = 300_000;
const CLOSE_UNSUPPORTED = 1003;
const CLOSE_POLICY = 1008;
const CLOSE_GOING_AWAY = 1001;

export class ChipSocket implements SocketOwner {
  readonly #chip: SoftwareChip;
  readonly #ended: (socket: ChipSocket) => void;
  #wire: Wire | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ended called once, when the socket is gone */
  constructor(chip: SoftwareChip, ended: (socket: ChipSocket) => void) {
    this.#chip = chip;
    this.#ended = ended;
  }

  open(wire: Wire): void {
    this.#wire = wire;
    this.#timer = setTimeout(() => this.end(), LIFETIME_MS);
  }

  text(): void {
    this.#wire?.close(CLOSE_UNSUPPORTED);
  }

  binary(command: Uint8Array): void {
    if (command.length > MAX_COMMAND_BYTES) this.#wire?.close(CLOSE_POLICY);
    else if (this.#wire?.send(this.#chip.answer(command) as Uint8Array<ArrayBuffer>) === 0) {
      this.#wire.terminate();
    }
  }

  /** Takes the chip off the reader. */
  end(): void {
    this.#wire?.close(CLOSE_GOING_AWAY);
  }

  closed(): void {
    clearTimeout(this.#timer);
    this.#wire = undefined;
    this.#ended(this);
  }
}
