/**
 * Posts finished spans to a collector, in batches and behind a bounded queue. A collector that is slow or
 * gone costs spans, which are counted, and never a request.
 */
import type { Registry } from '../metrics/registry.ts';
import { VERSION } from '../version.ts';
import { otlpRequest } from './otlp-json.ts';
import type { Span, SpanSink } from './tracer.ts';

export interface OtlpOptions {
  /** The whole URL: `http://collector:4318/v1/traces`. */
  readonly url: string;
  readonly registry: Registry;
  readonly timing?: OtlpTiming;
}

export interface OtlpTiming {
  /** From the first span of a batch to its export. */
  readonly batchMs: number;
  /** For one export. */
  readonly timeoutMs: number;
}

const TIMING: OtlpTiming = { batchMs: 2_000, timeoutMs: 5_000 };
/** A request has about ten spans of some 300 bytes each. */
const QUEUE_SPANS = 4096;
const BATCH_SPANS = 512;

export class OtlpExporter implements SpanSink {
  readonly #url: string;
  readonly #timing: OtlpTiming;
  readonly #queue: Span[] = [];
  readonly #exported;
  readonly #dropped;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor({ url, registry, timing = TIMING }: OtlpOptions) {
    this.#url = url;
    this.#timing = timing;
    this.#exported = registry.counter({
      name: 'gatehouse_trace_spans_exported_total',
      help: 'Spans that the collector has taken.',
    });
    this.#dropped = registry.counter({
      name: 'gatehouse_trace_spans_dropped_total',
      help: 'Spans that were given up.',
      labels: { reason: ['queue_full', 'export_failed', 'shutdown'] },
    });
  }

  take(span: Span): void {
    if (this.#closed) return this.#dropped.add({ reason: 'shutdown' });
    if (this.#queue.length >= QUEUE_SPANS) return this.#dropped.add({ reason: 'queue_full' });
    this.#queue.push(span);
    this.#schedule();
  }

  /** Exports what is left, in at most the time of two exports. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#sending;
    if (this.#queue.length > 0) await this.#send();
    this.#dropped.add({ reason: 'shutdown' }, this.#queue.splice(0).length);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#sending !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sending = this.#send().finally(() => {
        this.#sending = undefined;
        if (this.#queue.length > 0) this.#schedule();
      });
    }, this.#queue.length >= BATCH_SPANS ? 0 : this.#timing.batchMs);
    this.#timer.unref();
  }

  async #send(): Promise<void> {
    const batch = this.#queue.splice(0, BATCH_SPANS);
    const taken = await this.#post(otlpRequest(batch, VERSION, Date.now() - performance.now()));
    if (taken) this.#exported.add({}, batch.length);
    else this.#dropped.add({ reason: 'export_failed' }, batch.length);
  }

  async #post(body: string): Promise<boolean> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timing.timeoutMs),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
