/** Begins traces and hands finished spans to whoever exports them. */
import { currentTrace, type Trace } from './current.ts';
import { parseTraceparent, parseTracestate } from './trace-context.ts';

export interface Span {
  /** Our own words: never anything that a client sent. */
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly kind: 'server' | 'internal';
  /** Of `performance.now()`. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Whether the failure was ours. */
  readonly failed?: boolean;
}

/** Takes finished spans; must neither wait nor throw. */
export interface SpanSink {
  take(span: Span): void;
}

/** What was measured of some work. */
type Measured = Pick<Span, 'name' | 'startMs' | 'endMs'> & Partial<Pick<Span, 'attributes'>>;

export class Tracer {
  readonly #sink: SpanSink | undefined;

  /** @param sink without it nothing is recorded, and traces are only passed on */
  constructor(sink?: SpanSink) {
    this.#sink = sink;
  }

  /**
   * The trace of a request: the caller's, or a new one. A caller that does not sample is followed; one that
   * names no trace is recorded.
   */
  begin(headers: Headers): Trace {
    const spanId = randomId(8);
    const parent = parseTraceparent(headers.get('traceparent'));
    if (parent === undefined) {
      return { traceId: randomId(16), spanId, sampled: this.#sink !== undefined };
    }
    const state = parseTracestate(headers.get('tracestate'));
    return { ...parent, spanId, ...(state !== undefined && { state }) };
  }

  /** Whether anybody takes the spans of the trace at hand. */
  get recording(): boolean {
    return this.#sink !== undefined && currentTrace()?.sampled === true;
  }

  /** Records the request or session that a trace was begun for. */
  end(trace: Trace | undefined, span: Measured & Pick<Span, 'failed'>): void {
    if (this.#sink === undefined || trace?.sampled !== true) return;
    const { traceId, spanId, parentId } = trace;
    this.#sink.take({
      attributes: {},
      ...span,
      traceId,
      spanId,
      ...(parentId !== undefined && { parentId }),
      kind: 'server',
    });
  }

  /** Records work within the trace at hand. @returns the span, for work within it */
  within(span: Measured, parentId?: string): string | undefined {
    const trace = currentTrace();
    if (this.#sink === undefined || trace?.sampled !== true) return undefined;
    const spanId = randomId(8);
    this.#sink.take({
      attributes: {},
      ...span,
      traceId: trace.traceId,
      spanId,
      parentId: parentId ?? trace.spanId,
      kind: 'internal',
    });
    return spanId;
  }
}

/** Random, and never all zero but by a chance that nobody will see. */
function randomId(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
