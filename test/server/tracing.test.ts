/** Traces through the whole server: from the header of a request to its log line, its spans and its outgoing requests. */
import { afterAll, describe, expect, test } from 'bun:test';
import { relay } from './docval/support/client.ts';
import { makeSpecimen, PROFILES } from './docval/support/documents.ts';
import { DEVICE_CLIENT, startDocval } from './docval/support/server.ts';
import { base64, picture } from './support/fake-faces.ts';
import { type Running, startFake } from './support/running.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });
const match = { image: image('face 0'), imageToVerifyAgainst: image('face 0'), level: 'LOW' };
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

/** Something that is posted to and remembers. */
function receiver() {
  const posts: { headers: Headers; body: unknown }[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      posts.push({ headers: request.headers, body: await request.json() });
      return new Response('{}');
    },
  });
  stops.push(() => server.stop(true));
  return { url: server.url.href, posts };
}

function start(...args: Parameters<typeof startFake>): Running {
  const running = startFake(...args);
  stops.push(() => running.server.stop());
  return running;
}

describe('the log line of a request', () => {
  const running = start();
  const lineOf = async (headers: Record<string, string>) => {
    running.lines.length = 0;
    await running.post(SELFIE, match, headers);
    return running.lines[0] as { trace_id: string; span_id: string };
  };

  test('names the trace of the caller and a span of its own', async () => {
    const line = await lineOf({ traceparent: `00-${TRACE}-${PARENT}-01` });
    expect(line.trace_id).toBe(TRACE);
    expect(line.span_id).toMatch(/^[0-9a-f]{16}$/);
    expect(line.span_id).not.toBe(PARENT);
  });

  test('names a new trace where the caller names none that is valid', async () => {
    const seen = new Set<string>();
    const without: Record<string, string> = {};
    for (
      const headers of [without, { traceparent: `00-${TRACE}-${PARENT}` }, { traceparent: 'x' }]
    ) {
      const { trace_id } = await lineOf(headers);
      expect(trace_id).toMatch(/^[0-9a-f]{32}$/);
      seen.add(trace_id);
    }
    expect(seen.size).toBe(3);
    expect(seen.has(TRACE)).toBe(false);
  });

  test('of requests at the same time names each one its own', async () => {
    running.lines.length = 0;
    const ids = Array.from({ length: 20 }, (_, i) => `${i}`.padStart(32, 'a'));
    await Promise.all(
      ids.map((id, i) =>
        running.post(SELFIE, { ...match, image: image(`slow ${20 - i}`) }, {
          requestID: id,
          traceparent: `00-${id}-${PARENT}-00`,
        })
      ),
    );
    expect(running.lines).toHaveLength(20);
    for (const { request_id, trace_id } of running.lines) expect(trace_id).toBe(request_id);
  });
});

describe('a result that is posted', () => {
  const specimen = makeSpecimen(PROFILES.BAC);

  test('carries the trace of the session, and the state of the caller', async () => {
    const { url, posts } = receiver();
    const server = startDocval({
      trust: specimen.trust,
      clients: [{ ...DEVICE_CLIENT, result_server: { url } }],
    });
    stops.push(() => server.stop());
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'phone=1, bank=2' };
    await relay(server.v1, specimen.insert(), undefined, headers);
    const [line] = server.sessions() as { trace_id: string; span_id: string }[];
    expect(line.trace_id).toBe(TRACE);
    expect(posts).toHaveLength(1);
    expect(posts[0].headers.get('traceparent')).toBe(`00-${TRACE}-${line.span_id}-01`);
    expect(posts[0].headers.get('tracestate')).toBe('phone=1,bank=2');
  });

  test('carries a new trace where the caller names none', async () => {
    const { url, posts } = receiver();
    const server = startDocval({
      trust: specimen.trust,
      clients: [{ ...DEVICE_CLIENT, result_server: { url } }],
    });
    stops.push(() => server.stop());
    await relay(server.v1, specimen.insert());
    const [line] = server.sessions() as { trace_id: string; span_id: string }[];
    expect(posts[0].headers.get('traceparent')).toBe(`00-${line.trace_id}-${line.span_id}-00`);
    expect(posts[0].headers.has('tracestate')).toBe(false);
  });
});

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

function spansOf(posts: readonly { body: unknown }[]): SentSpan[] {
  const bodies = posts.map(({ body }) => body) as {
    resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
  }[];
  return bodies.flatMap(({ resourceSpans: [{ scopeSpans: [{ spans }] }] }) => spans);
}

describe('spans', () => {
  test('tell of a request and the stages in it, and of nothing else', async () => {
    const { url, posts } = receiver();
    const running = startFake({ tracingOtlpUrl: url });
    await running.post(SELFIE, match, { traceparent: `00-${TRACE}-${PARENT}-01` });
    await fetch(new URL('/healthz', running.server.url));
    await running.server.stop();
    const spans = spansOf(posts);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    const [request] = spans.filter(({ parentSpanId }) => parentSpanId === PARENT);
    expect(request.name).toBe(`POST ${SELFIE}`);
    const extractions = spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
    expect(extractions.map(({ name }) => name)).toEqual(['face.extract', 'face.extract']);
    for (const { spanId } of extractions) {
      const stages = spans.filter(({ parentSpanId }) => parentSpanId === spanId);
      expect(stages.map(({ name }) => name)).toEqual([
        'face.queue',
        'face.decode',
        'face.detect',
        'face.mesh',
        'face.embed',
      ]);
      const lengths = stages.map(({ startTimeUnixNano, endTimeUnixNano }) =>
        Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6
      );
      expect(lengths.map(Math.round)).toEqual([1, 1, 2, 3, 4]);
    }
    expect(spans).toHaveLength(13);
  });

  test('are not recorded for a caller that does not sample', async () => {
    const { url, posts } = receiver();
    const running = startFake({ tracingOtlpUrl: url });
    await running.post(SELFIE, match, { traceparent: `00-${TRACE}-${PARENT}-00` });
    await running.server.stop();
    expect(posts).toEqual([]);
  });

  test('cost no request its answer when the collector is gone', async () => {
    const running = start({ tracingOtlpUrl: 'http://127.0.0.1:1/v1/traces' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => running.post(SELFIE, match)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });
});
