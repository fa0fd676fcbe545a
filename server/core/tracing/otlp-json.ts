/** Spans as an OTLP/HTTP request in JSON (OpenTelemetry Protocol 1.3, `ExportTraceServiceRequest`). */
import type { Span } from './tracer.ts';

/** `Span.SpanKind` of the protocol. */
const KIND = { internal: 1, server: 2 } as const;
/** `Status.StatusCode` ERROR; without a status nothing is said. */
const STATUS_ERROR = 2;

const SERVICE = 'gatehouse';

/**
 * @param version of the product
 * @param wallOffsetMs what to add to `performance.now()` for milliseconds since 1970 UTC
 */
export function otlpRequest(
  spans: readonly Span[],
  version: string,
  wallOffsetMs: number,
): string {
  const nanoseconds = (ms: number) => String(Math.round((ms + wallOffsetMs) * 1000)) + '000';
  return JSON.stringify({
    resourceSpans: [{
      resource: {
        attributes: attributesOf({ 'service.name': SERVICE, 'service.version': version }),
      },
      scopeSpans: [{
        scope: { name: SERVICE, version },
        spans: spans.map((span) => ({
          traceId: span.traceId,
          spanId: span.spanId,
          ...(span.parentId !== undefined && { parentSpanId: span.parentId }),
          name: span.name,
          kind: KIND[span.kind],
          startTimeUnixNano: nanoseconds(span.startMs),
          endTimeUnixNano: nanoseconds(span.endMs),
          attributes: attributesOf(span.attributes),
          ...(span.failed === true && { status: { code: STATUS_ERROR } }),
        })),
      }],
    }],
  });
}

/** 64-bit integers are strings in the JSON of protocol buffers. */
function attributesOf(attributes: Span['attributes']) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string'
      ? { stringValue: value }
      : Number.isInteger(value)
      ? { intValue: String(value) }
      : { doubleValue: value },
  }));
}
