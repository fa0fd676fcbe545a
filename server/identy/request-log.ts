/** The one log line of a request: what was asked, how it ended, how long each stage took. Nothing of the person. */
import type { MiddlewareHandler } from 'hono';
import type { Caller } from '../core/access/guard.ts';
import { ServerError } from '../core/errors.ts';
import type { Logger } from '../core/logging.ts';
import { requestIdOf } from '../core/http/headers.ts';
import type { Answer } from './endpoint.ts';
import type { IdentyError } from './errors.ts';
import { newRefid } from './refid.ts';

export interface RequestRecord {
  readonly refid: string;
  readonly endpoint: string;
  readonly headers: Headers;
  readonly startedMs: number;
  bytesIn: number;
  /** Who asked, where that was shown. */
  caller?: Caller | undefined;
}

export function logOutcome(log: Logger, record: RequestRecord, answer: Answer): void {
  log.info('request', {
    ...common(record),
    outcome: answer.outcome,
    code: answer.code,
    http: answer.response.status,
    timings_ms: rounded({ ...answer.timingsMs, total: performance.now() - record.startedMs }),
    ...(log.enabled('debug') ? answer.details : {}),
  });
}

/** Logs requests of routes that answer without a use case, and so have neither feedback code nor stages. */
export function accessLog(log: Logger): MiddlewareHandler {
  return async (c, next) => {
    const startedMs = performance.now();
    await next();
    const { headers } = c.req.raw;
    log.info('request', {
      ...common({ refid: newRefid('REQUEST'), endpoint: c.req.path, headers, startedMs }),
      http: c.res.status,
      timings_ms: rounded({ total: performance.now() - startedMs }),
    });
  };
}

/**
 * Failures of the server itself are logged as errors with their private cause; a busy answer is a
 * warning; a client that went away is neither.
 */
export function logError(log: Logger, record: RequestRecord, error: IdentyError): void {
  const fields = {
    ...common(record),
    outcome: error.feedbackCode,
    code: error.code,
    http: error.http,
    timings_ms: rounded({ total: performance.now() - record.startedMs }),
    cause: causeOf(error),
  };
  const left = error.cause instanceof ServerError && error.cause.code === 'CANCELLED';
  if (error.code === 500 && error.http === 500 && !left) log.error('request', fields);
  else if (error.http === 503) log.warn('request', fields);
  else log.info('request', fields);
}

type Known = Omit<RequestRecord, 'bytesIn'> & Partial<Pick<RequestRecord, 'bytesIn'>>;

function common(record: Known): Record<string, unknown> {
  const requestId = requestIdOf(record.headers);
  return {
    refid: record.refid,
    endpoint: record.endpoint,
    bytes_in: record.bytesIn,
    ...(record.caller && { caller: record.caller.name }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(record.headers.get('LogAPITrigger')?.toLowerCase() === 'true' ? { api_trigger: true } : {}),
  };
}

/** Our own errors say why without saying who; of any other error only the class is safe to keep. */
function causeOf(error: IdentyError): string | undefined {
  const { cause } = error;
  if (!(cause instanceof Error)) return undefined;
  const code = (cause as { code?: unknown }).code;
  return typeof code === 'string' ? `${code}: ${cause.message}` : cause.name;
}

function rounded(timings: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(timings).map(([stage, ms]) => [stage, Math.round(ms * 10) / 10]),
  );
}
