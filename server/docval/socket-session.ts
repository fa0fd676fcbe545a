/**
 * What every DocVal session has, whatever it says: its socket, its time limits, one end and one log line.
 * Before the close frame goes the close message, which clients that never see the frame rely on ("Before
 * the socket is closed").
 */
import { EmrtdError } from '../../emrtd/mod.ts';
import { ServerError } from '../core/errors.ts';
import type { Wire } from '../core/http/sockets.ts';
import type { Logger } from '../core/logging.ts';
import { currentTrace, type Trace } from '../core/tracing/current.ts';
import { forgetLastMatch } from '../core/native/forget.ts';
import { CLOSE_CODES, CLOSE_NORMAL, type CloseReason, DocvalError } from './errors.ts';
import { CLOSE_TIMEOUT_MS, type DocvalLimits } from './limits.ts';
import type { DocvalObserver, Protocol } from './observer.ts';

export interface SocketSessionOptions {
  readonly wire: Wire;
  readonly log: Logger;
  readonly limits: DocvalLimits;
  readonly protocol: Protocol;
  /** Without it the session is not counted. */
  readonly observer?: DocvalObserver | undefined;
  /** The text that announces the close frame. */
  readonly closeText: (code: number, reason: CloseReason | undefined) => string;
}

/** Reasons that a client may give when it closes; others are not repeated in the log. */
function knownReason(reason: string): string | undefined {
  return Object.hasOwn(CLOSE_CODES, reason) ? reason : undefined;
}

/** Our own errors say why without saying who; of any other error only the class is safe to keep. */
export function causeOf(error: unknown): string | undefined {
  if (error instanceof DocvalError) {
    const inner = error.cause === undefined ? '' : ` (${causeOf(error.cause)})`;
    return `${error.message}${inner}`;
  }
  if (error instanceof EmrtdError || error instanceof ServerError) {
    return `${error.code}: ${error.message}`;
  }
  return error instanceof Error ? error.name : undefined;
}

export class SocketSession {
  readonly id: string = crypto.randomUUID();
  /** Facts for the log line; nothing of the document or its holder goes in here. */
  readonly facts: Record<string, unknown> = {};
  readonly #options: SocketSessionOptions;
  readonly #abort = new AbortController();
  readonly #openedMs = performance.now();
  readonly #trace: Trace | undefined = currentTrace();
  readonly #sessionTimer: ReturnType<typeof setTimeout>;
  /** Set anew for every command, so it is not stopped with each answer but looks what it is still for. */
  #waitTimer: ReturnType<typeof setTimeout> | undefined;
  #waitUntilMs = Infinity;
  #ringsAtMs = Infinity;
  #waitReason: CloseReason = 'TIMEOUT_WHILE_WAITING_FOR_START_MESSAGE';
  #apdus = 0;
  #over = false;
  #closeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketSessionOptions) {
    this.#options = options;
    options.observer?.opened(options.protocol);
    const { startTimeoutMs, sessionTimeoutMs } = options.limits;
    this.#sessionTimer = setTimeout(() => this.end('MAX_SESSION_TIME_EXCEEDED'), sessionTimeoutMs);
    this.#await(startTimeoutMs);
  }

  get limits(): DocvalLimits {
    return this.#options.limits;
  }

  /** Aborts when the session is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get over(): boolean {
    return this.#over;
  }

  /** The message waited for has come. */
  arrived(): void {
    this.#waitUntilMs = Infinity;
  }

  /**
   * Sends a frame with a command for the chip; the client has to answer within the response time.
   * @throws DocvalError as `send`
   */
  sendCommand(frame: Uint8Array): void {
    this.send(frame);
    this.#apdus++;
    this.#waitReason = 'TIMEOUT_WHILE_WAITING_FOR_RESPONSE';
    this.#await(this.limits.responseTimeoutMs);
  }

  #await(timeoutMs: number): void {
    this.#waitUntilMs = performance.now() + timeoutMs;
    if (this.#waitUntilMs < this.#ringsAtMs) this.#ringIn(timeoutMs);
  }

  #ringIn(timeoutMs: number): void {
    clearTimeout(this.#waitTimer);
    this.#ringsAtMs = performance.now() + timeoutMs;
    this.#waitTimer = setTimeout(() => this.#lookAtClock(), timeoutMs);
  }

  #lookAtClock(): void {
    this.#ringsAtMs = Infinity;
    if (this.#waitUntilMs === Infinity) return;
    const leftMs = this.#waitUntilMs - performance.now();
    if (leftMs > 0) this.#ringIn(leftMs);
    else this.end(this.#waitReason);
  }

  /** @throws DocvalError COMMUNICATION_FAILED when the client does not take what it was sent */
  send(data: string | Uint8Array): void {
    if (this.over) throw new DocvalError('COMMUNICATION_FAILED', 'the socket is closed');
    if (this.#options.wire.send(data as string | Uint8Array<ArrayBuffer>) === 0) {
      throw new DocvalError('COMMUNICATION_FAILED', 'the client does not read what it is sent');
    }
  }

  /**
   * Ends the session from our side; the first call decides. Without a reason it has run to its end.
   * @param cause why, for the log
   */
  end(reason?: CloseReason, cause?: unknown): void {
    if (this.over) return;
    const { wire, closeText } = this.#options;
    const code = reason === undefined ? CLOSE_NORMAL : CLOSE_CODES[reason];
    this.#finish(reason ?? 'DONE', code, cause);
    wire.send(closeText(code, reason));
    wire.close(code, reason);
    this.#closeTimer = setTimeout(() => wire.terminate(), CLOSE_TIMEOUT_MS);
  }

  /** Ends the session with the reason that belongs to an error. */
  fail(error: unknown): void {
    if (error instanceof DocvalError) this.end(error.code, error);
    else this.end('SERVER_ERROR', error);
  }

  /** The socket is gone. */
  closed(code: number, reason: string): void {
    clearTimeout(this.#closeTimer);
    if (!this.over) this.#finish('CLIENT_CLOSED', code, undefined, knownReason(reason));
    forgetLastMatch();
  }

  #finish(outcome: string, code: number, cause: unknown, clientReason?: string): void {
    clearTimeout(this.#sessionTimer);
    clearTimeout(this.#waitTimer);
    this.#over = true;
    this.#abort.abort();
    const { log, protocol, observer } = this.#options;
    const fields = {
      session: this.id,
      protocol,
      outcome,
      close_code: code,
      ...(clientReason === undefined ? {} : { client_reason: clientReason }),
      ...this.facts,
      total_ms: Math.round(performance.now() - this.#openedMs),
      ...(cause === undefined ? {} : { cause: causeOf(cause) }),
    };
    const failed = outcome === 'SERVER_ERROR' || outcome === 'POST_TO_RESULT_SERVER_FAILED';
    log[failed ? 'error' : 'info']('docval-session', fields);
    const [openedMs, apdus, trace] = [this.#openedMs, this.#apdus, this.#trace];
    observer?.ended({ protocol, outcome, failed, openedMs, apdus, trace });
  }
}
