/**
 * Hands a result to the relying party ("Result is passed to the Result Server"): one POST of 3 seconds,
 * repeated up to three times where another try can help, signed where the client's configuration says so.
 */
import { createHmac } from 'node:crypto';
import { traceHeaders } from '../core/tracing/current.ts';
import type { DocvalClient, ResultServer } from './clients.ts';
import { DocvalError } from './errors.ts';
import type { DocvalResult } from './result.ts';
import type { TlsFiles } from './tls-files.ts';

export interface PostTiming {
  /** For one try. */
  readonly timeoutMs: number;
  /** Before the second, third and fourth try. */
  readonly pausesMs: readonly number[];
}

const POST_TIMING: PostTiming = { timeoutMs: 3_000, pausesMs: [250, 500, 1_000] };

/** The longest that a Retry-After is followed; a phone is waiting. */
const MAX_RETRY_AFTER_MS = 3_000;
/** Request Timeout and Too Many Requests; with them every 5xx. */
const RETRIED: readonly number[] = [408, 429];

/** The body as documented; `validation_id` is the same id once more, under the name newer servers send. */
export function resultBody(
  { passport, signedResult }: DocvalResult,
  validationId: string,
): string {
  return JSON.stringify({
    emrtd_passport: passport,
    client_validation_id: validationId,
    validation_id: validationId,
    ...(signedResult !== undefined && { signed_result: signedResult }),
  });
}

/**
 * `t=SECONDS,v1=HEX`: HMAC-SHA-256 over the seconds since 1970, a full stop and the body. The receiver
 * computes the same and refuses an old time.
 */
function signatureHeader(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/** What happened at one try: taken, refused for good, or worth another try after a pause. */
type Attempt = { done: true } | { done: false; why: string; again: boolean; afterMs?: number };

async function attempt(
  server: ResultServer,
  tls: TlsFiles | undefined,
  body: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Attempt> {
  const headers: Record<string, string> = {
    ...traceHeaders(),
    ...server.headers,
    'Content-Type': 'application/json',
    ...(server.hmac_secret !== undefined && {
      'X-Gatehouse-Signature': signatureHeader(server.hmac_secret, body, Date.now()),
    }),
  };
  try {
    const response = await fetch(server.url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      // the answer counts by its status; its body is not read, so it need not be good
      decompress: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      ...(tls && { tls }),
    });
    await response.body?.cancel();
    const { status } = response;
    if (status >= 200 && status < 300) return { done: true };
    const seconds = Number(response.headers.get('Retry-After') ?? NaN);
    return {
      done: false,
      why: `HTTP ${status}`,
      again: status >= 500 || RETRIED.includes(status),
      ...(seconds >= 0 && { afterMs: Math.min(1000 * seconds, MAX_RETRY_AFTER_MS) }),
    };
  } catch (error) {
    const why = (error as { name?: string }).name === 'TimeoutError'
      ? 'no answer'
      : 'no connection';
    return { done: false, why, again: true };
  }
}

/** Sends a result to the result server of a client, in as many tries as it takes. */
export class ResultPoster {
  readonly #timing: PostTiming;

  constructor(timing: PostTiming = POST_TIMING) {
    this.#timing = timing;
  }

  /**
   * Resolves with the number of tries when the server has taken the body.
   * @throws DocvalError POST_TO_RESULT_SERVER_FAILED naming what the last try met
   */
  async post(client: DocvalClient, body: string, signal: AbortSignal): Promise<number> {
    const server = client.result_server;
    if (server === undefined) return 0;
    const { timeoutMs, pausesMs } = this.#timing;
    for (let tries = 1;; tries++) {
      const result = await attempt(server, client.tls, body, timeoutMs, signal);
      if (result.done) return tries;
      const pauseMs = pausesMs[tries - 1];
      if (!result.again || pauseMs === undefined || signal.aborted) {
        const message = `result server: ${result.why} at try ${tries}`;
        throw new DocvalError('POST_TO_RESULT_SERVER_FAILED', message);
      }
      await Bun.sleep(Math.max(pauseMs, result.afterMs ?? 0));
    }
  }
}
