/**
 * The DocVal client in JavaScript: one session of `/ws1/validate`, from start message to close. It is served
 * as `/sdk/docval-client.js`, so it imports nothing at run time; its types are those of `docval-client.d.ts`.
 */
import type * as Declared from './docval-client.d.ts';

type Options = Declared.ValidateOptions;
type Outcome = Declared.ValidateOutcome;
type Passport = Declared.ValidateOutcome['passport'];

const CLOSE_GOING_AWAY = 1001;
const CLOSE_POLICY = 1008;
/** Added to a code that scripts in browsers may not use: they have 1000 and 3000 to 4999. */
const TO_PRIVATE_RANGE = 3000;
/** Stands for "no close frame came" (RFC 6455 7.1.5). */
const CLOSE_ABNORMAL = 1006;
const OPEN = 1;
/** Time for the close frame after the message that announces it; some transports never report the frame. */
const CLOSE_FRAME_MS = 3000;

export class DocvalClientError extends Error implements Declared.DocvalClientError {
  override readonly name = 'DocvalClientError';
  readonly code: Declared.DocvalClientErrorCode;

  constructor(code: Declared.DocvalClientErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const validateDocument: typeof Declared.validateDocument = async (options) => {
  const { url, start } = prepare(options);
  if (options.signal?.aborted) return cancelled();
  const socket = connect(options, url);
  return await new Promise((resolve, reject) => {
    new Session(options, socket, start, { resolve, reject });
  });
};

function connect({ openSocket }: Options, url: string): Declared.DocvalSocket {
  try {
    return openSocket === undefined ? new WebSocket(url) : openSocket(url);
  } catch (cause) {
    const message = 'the socket cannot be opened from here';
    throw Object.assign(new DocvalClientError('CONNECTION_FAILED', message), { cause });
  }
}

function cancelled(): Outcome {
  return {
    closeCode: CLOSE_GOING_AWAY,
    closeReason: 'CANCELLED_BY_USER',
    passport: null,
    signedResult: null,
  };
}

interface Settle {
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

class Session {
  readonly #options: Options;
  readonly #socket: Declared.DocvalSocket;
  readonly #settle: Settle;
  readonly #over = new AbortController();
  readonly #cancel = (): void => this.#leave(CLOSE_GOING_AWAY, cancelled());
  #opened = false;
  #transceiving = false;
  #passport: Passport = null;
  #signedResult: string | null = null;
  /** The close message, which comes before the close frame. */
  #announced: Pick<Outcome, 'closeCode' | 'closeReason'> | undefined;
  #closeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options, socket: Declared.DocvalSocket, start: string, settle: Settle) {
    this.#options = options;
    this.#socket = socket;
    this.#settle = settle;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#opened = true;
      socket.send(start);
    };
    socket.onmessage = ({ data }) => this.#message(data);
    // The close that follows says the same.
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }) => this.#closed(code, reason);
    options.signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  #message(data: unknown): void {
    // what was on its way when the session ended is of no interest
    if (this.#over.signal.aborted || this.#announced !== undefined) return;
    if (typeof data === 'string') this.#text(data);
    else void this.#command(new Uint8Array(data as ArrayBuffer));
  }

  async #command(command: Uint8Array): Promise<void> {
    if (this.#transceiving) {
      return this.#fail(
        'PROTOCOL_ERROR',
        'the server sent a command before the answer to the last',
      );
    }
    this.#transceiving = true;
    let answer: Uint8Array;
    try {
      answer = await this.#options.transceive(command, this.#over.signal);
      if (!ArrayBuffer.isView(answer)) throw new TypeError('transceive gave no Uint8Array');
    } catch (cause) {
      const closeReason = 'NFC_CHIP_COMMUNICATION_FAILED';
      return this.#leave(CLOSE_GOING_AWAY, { ...cancelled(), closeReason, cause });
    }
    this.#transceiving = false;
    if (this.#over.signal.aborted || this.#announced !== undefined) return;
    if (this.#socket.readyState === OPEN) this.#socket.send(answer as Uint8Array<ArrayBuffer>);
  }

  /** Texts and keys that this version does not know are left aside. */
  #text(text: string): void {
    const message = objectOf(text);
    const { status, emrtd_passport: passport, signed_result: signed } = message;
    const { close_code: closeCode, close_reason: closeReason } = message;
    if (typeof passport === 'object') this.#passport = passport as Passport;
    if (typeof signed === 'string') this.#signedResult = signed;
    if (typeof status === 'string') {
      try {
        this.#options.onStatus?.(status);
      } catch (error) {
        return this.#leave(CLOSE_GOING_AWAY, undefined, error);
      }
    }
    if (!Number.isInteger(closeCode)) return;
    this.#announced = {
      closeCode: closeCode as number,
      closeReason: typeof closeReason === 'string' ? closeReason : '',
    };
    this.#closeTimer = setTimeout(() => this.#closed(CLOSE_ABNORMAL, ''), CLOSE_FRAME_MS);
  }

  /** The socket is gone. The close message is believed before the frame, which not every transport reports. */
  #closed(code: number, reason: string): void {
    if (this.#over.signal.aborted) return;
    if (this.#announced === undefined && code === CLOSE_ABNORMAL) {
      return this.#opened
        ? this.#fail('CONNECTION_LOST', 'the connection ended without a close message')
        : this.#fail('CONNECTION_FAILED', 'the server cannot be reached or refused the socket');
    }
    const end = this.#announced ?? { closeCode: code, closeReason: reason };
    this.#finish();
    this.#close(CLOSE_GOING_AWAY, '');
    this.#settle.resolve({
      ...end,
      passport: this.#passport,
      signedResult: this.#signedResult,
    });
  }

  #fail(code: Declared.DocvalClientErrorCode, message: string): void {
    this.#leave(CLOSE_POLICY, undefined, new DocvalClientError(code, message));
  }

  /** Ends the session from this side, with an outcome or an error; too late after the close message. */
  #leave(code: number, outcome: Outcome | undefined, error?: unknown): void {
    if (this.#over.signal.aborted || this.#announced !== undefined) return;
    this.#finish();
    this.#close(code, outcome?.closeReason ?? (code === CLOSE_POLICY ? 'PROTOCOL_ERROR' : ''));
    if (outcome === undefined) this.#settle.reject(error);
    else this.#settle.resolve(outcome);
  }

  #finish(): void {
    clearTimeout(this.#closeTimer);
    this.#options.signal?.removeEventListener('abort', this.#cancel);
    this.#over.abort();
  }

  #close(code: number, reason: string): void {
    try {
      this.#socket.close(code, reason);
    } catch {
      this.#socket.close(code + TO_PRIVATE_RANGE, reason);
    }
  }
}

/** A JSON object; an empty one for every other text. */
function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

function invalid(message: string): DocvalClientError {
  return new DocvalClientError('INVALID_OPTIONS', message);
}

/** The address and the start message. Values are judged by the server; this only sees that they are there. */
function prepare(options: Options): { url: string; start: string } {
  const { clientId, validationId, accessKey, maxCommandBytes, maxResponseBytes } = options;
  for (const [name, value] of Object.entries({ clientId, validationId })) {
    if (typeof value !== 'string' || value === '') throw invalid(`${name} is no text`);
  }
  if (typeof options.transceive !== 'function') throw invalid('transceive is no function');
  if (typeof options.extendedLength !== 'boolean') throw invalid('extendedLength is no boolean');
  for (const [name, value] of Object.entries({ maxCommandBytes, maxResponseBytes })) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw invalid(`${name} is no whole number above 0`);
    }
  }
  const start = {
    client_id: clientId,
    validation_id: validationId,
    access_key: wireKey(accessKey),
    nfc_adapter_supports_extended_length: options.extendedLength,
    ...(maxCommandBytes !== undefined && { max_command_bytes: maxCommandBytes }),
    ...(maxResponseBytes !== undefined && { max_response_bytes: maxResponseBytes }),
    platform: options.platform ?? 'web',
    ...(options.signedResult && { signed_result: true }),
  };
  return { url: address(options), start: JSON.stringify(start) };
}

function address({ url, returnResult }: Options): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalid('url is no URL');
  }
  if (!/^wss?:$/.test(parsed.protocol)) throw invalid('url does not begin with ws: or wss:');
  if (returnResult) parsed.searchParams.set('return_result', 'true');
  return parsed.href;
}

function wireKey(key: Declared.AccessKey): Record<string, string> {
  const { can, documentNumber, dateOfBirth, dateOfExpiry } = (key ?? {}) as Record<string, unknown>;
  if (typeof can === 'string') return { can };
  if (
    typeof documentNumber !== 'string' || typeof dateOfBirth !== 'string' ||
    typeof dateOfExpiry !== 'string'
  ) throw invalid('accessKey has neither can nor documentNumber, dateOfBirth and dateOfExpiry');
  return {
    document_number: documentNumber,
    date_of_birth: dateOfBirth,
    date_of_expiry: dateOfExpiry,
  };
}
