/** The capabilities that a caller passes in and the shape of a named check. */

/** Cryptographically strong random bytes. */
export type Random = (length: number) => Uint8Array;

/** The current time, for validity periods; the library has no clock of its own. */
export type Clock = () => Date;

/** The line to a chip: one command APDU in, one response APDU (data and SW1 SW2) out. */
export interface Transceiver {
  transceive(command: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Outcome of one named check. `skipped` is never a success: the reason says why it was not made. */
export interface CheckResult {
  check: string;
  status: 'passed' | 'failed' | 'skipped';
  reason: string;
}
