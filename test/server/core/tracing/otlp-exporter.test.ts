/** Spans on their way to a collector: in the protocol's words, never in the way of anybody, counted when lost. */
import { afterEach, describe, expect, test } from 'bun:test';
import { TEXT_TYPE, writeMetrics } from '../../../../server/core/metrics/exposition.ts';
import { Registry } from '../../../../server/core/metrics/registry.ts';
import { OtlpExporter } from '../../../../server/core/tracing/otlp-exporter.ts';
import type { Span } from '../../../../server/core/tracing/tracer.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A collector that answers every export with `status`, or never. */
function collector(status: number | 'never') {
  const bodies: { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] }[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      bodies.push(await request.json());
      if (status === 'never') return await new Promise<Response>(() => {});
      return new Response('{}', { status });
    },
  });
  stops.push(() => server.stop(true));
  return { url: new URL('/v1/traces', server.url).href, bodies };
}

function exporterTo(url: string, timing = { batchMs: 1, timeoutMs: 50 }) {
  const registry = new Registry();
  const exporter = new OtlpExporter({ url, registry, timing });
  const counts = async () =>
    Object.fromEntries(
      writeMetrics(await registry.collect(), TEXT_TYPE).split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((
          line,
        ) => [
          line.split(' ')[0].replace('gatehouse_trace_spans_', ''),
          Number(line.split(' ')[1]),
        ]),
    );
  return { exporter, counts };
}

const span = (changes: Partial<Span> = {}): Span => ({
  name: 'POST /api/v1/matchWithSelfie',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  kind: 'server',
  startMs: 100,
  endMs: 100.25,
  attributes: {},
  ...changes,
});

test('go out as the protocol has them', async () => {
  const { url, bodies } = collector(200);
  const { exporter, counts } = exporterTo(url);
  exporter.take(span({
    parentId: '00f067aa0ba902b7',
    attributes: { 'http.response.status_code': 500, 'x': 0.5, 'y': 'z' },
    failed: true,
  }));
  await exporter.close();
  const [{ scopeSpans: [{ spans: [sent] }] }] = bodies[0].resourceSpans;
  expect(sent).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '00f067aa0ba902b7',
    name: 'POST /api/v1/matchWithSelfie',
    kind: 2,
    status: { code: 2 },
    attributes: [
      { key: 'http.response.status_code', value: { intValue: '500' } },
      { key: 'x', value: { doubleValue: 0.5 } },
      { key: 'y', value: { stringValue: 'z' } },
    ],
  });
  const [start, end] = [sent.startTimeUnixNano, sent.endTimeUnixNano].map((text) =>
    BigInt(text as string)
  );
  expect(end - start).toBe(250_000n);
  const began = BigInt(Math.round(performance.timeOrigin)) * 1_000_000n;
  expect(start - began < 60_000_000_000n && start > began).toBe(true);
  expect(await counts()).toMatchObject({ exported_total: 1 });
});

test('go out by themselves, in batches', async () => {
  const { url, bodies } = collector(200);
  const { exporter, counts } = exporterTo(url);
  for (let i = 0; i < 700; i++) exporter.take(span());
  while ((await counts()).exported_total < 700) await Bun.sleep(5);
  const sizes = bodies.map(({ resourceSpans: [{ scopeSpans: [{ spans }] }] }) => spans.length);
  expect(sizes).toEqual([512, 188]);
  await exporter.close();
});

describe('are counted as lost', () => {
  test.each([[500], [302], [404], ['never']] as const)(
    'when the collector says %p',
    async (status) => {
      const { exporter, counts } = exporterTo(collector(status).url);
      exporter.take(span());
      exporter.take(span());
      await exporter.close();
      expect(await counts()).toMatchObject({
        'exported_total': 0,
        'dropped_total{reason="export_failed"}': 2,
      });
    },
  );

  test('when nobody listens', async () => {
    const { exporter, counts } = exporterTo('http://127.0.0.1:1/v1/traces');
    exporter.take(span());
    await exporter.close();
    expect(await counts()).toMatchObject({ 'dropped_total{reason="export_failed"}': 1 });
  });

  test('when the queue is full, and after the end', async () => {
    const { exporter, counts } = exporterTo(collector('never').url, {
      batchMs: 60_000,
      timeoutMs: 20,
    });
    for (let i = 0; i < 5000; i++) exporter.take(span());
    expect(await counts()).toMatchObject({ 'dropped_total{reason="queue_full"}': 904 });
    await exporter.close();
    exporter.take(span());
    const after = await counts();
    expect(after['dropped_total{reason="export_failed"}']).toBe(512);
    expect(after['dropped_total{reason="shutdown"}']).toBe(4096 - 512 + 1);
  });
});
