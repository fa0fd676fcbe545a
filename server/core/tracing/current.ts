/**
 * The trace that the code at hand works for. It follows the work through promises and timers, so that log
 * lines and outgoing requests can name it without being handed it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { writeTraceparent } from './trace-context.ts';

export interface Trace {
  /** 32 hexadecimal digits; the caller's where it named one. */
  readonly traceId: string;
  /** 16 hexadecimal digits: this request or session. */
  readonly spanId: string;
  /** The caller's span. */
  readonly parentId?: string;
  /** Whether spans are recorded, here or by the caller. */
  readonly sampled: boolean;
  /** The caller's `tracestate`. */
  readonly state?: string;
}

const current = new AsyncLocalStorage<Trace>();

/** Runs some work, and all that it starts, for a trace. */
export function withTrace<T>(trace: Trace | undefined, work: () => T): T {
  return trace === undefined ? work() : current.run(trace, work);
}

export function currentTrace(): Trace | undefined {
  return current.getStore();
}

/** Headers of a request that is made for the trace at hand; none where there is none. */
export function traceHeaders(): Record<string, string> {
  const trace = currentTrace();
  if (trace === undefined) return {};
  const { traceId, spanId, sampled, state } = trace;
  return {
    traceparent: writeTraceparent({ traceId, parentId: spanId, sampled }),
    ...(state !== undefined && { tracestate: state }),
  };
}
