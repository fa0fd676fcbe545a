/**
 * What metrics and traces cost: a request through the router with and without them, and the face service with
 * and without. Work that takes no time stands in for the networks, so that only the rest is seen.
 */
import { Hono } from 'hono';
import { observeFaces } from '../server/core/face/observed-faces.ts';
import type { Extraction, FaceService } from '../server/core/face/service.ts';
import { observeRequests } from '../server/core/http/observe.ts';
import { Registry } from '../server/core/metrics/registry.ts';
import { withTrace } from '../server/core/tracing/current.ts';
import { Tracer } from '../server/core/tracing/tracer.ts';
import { printTable } from './statistics.ts';

const ROUNDS = 7;
const REPEATS = 20_000;
/** Processor time of one `matchWithSelfie`, docs/performance.md. */
const MATCH_MS = 55.5;

/** Microseconds of one call: the best of several rounds, as others on the machine only ever add. */
async function microseconds(work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < REPEATS; i++) await work();
    best = Math.min(best, (performance.now() - start) * 1000 / REPEATS);
  }
  return best;
}

const PATH = '/api/v1/matchWithSelfie';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const REQUEST = new Request(`http://localhost${PATH}`, {
  method: 'POST',
  headers: { traceparent: TRACEPARENT },
});

const TIMINGS = { decode: 4, detect: 8, mesh: 4, embed: 25 };
const EXTRACTION = { queueMs: 0, analysis: { timingsMs: TIMINGS } } as unknown as Extraction;

/** A face service that answers at once. */
const INSTANT = {
  extract: async () => EXTRACTION,
  rate: () => ({ level: 'HIGH', similarity: 1, similarityScore: 99 }),
} as unknown as FaceService;

/** What a match asks of the face service. */
function match(faces: FaceService): () => Promise<unknown> {
  const image = new Uint8Array();
  const { signal } = new AbortController();
  const template = { modelId: '', vector: new Float32Array() };
  return async () => {
    await Promise.all([faces.extract(image, signal), faces.extract(image, signal)]);
    return faces.rate(template, template, 'selfie');
  };
}

export async function run(): Promise<void> {
  const bare = new Hono().post(PATH, () => new Response('{}'));
  const bareRequestUs = await microseconds(() => bare.fetch(REQUEST));
  const bareMatchUs = await microseconds(match(INSTANT));
  const rows = [['', 'a request, us', 'its two pictures, us', 'share of its processor time']];
  for (
    const [name, tracer] of [
      ['metrics, trace passed on', new Tracer()],
      ['metrics, spans recorded', new Tracer({ take() {} })],
    ] as const
  ) {
    const registry = new Registry();
    const app = new Hono().use(observeRequests([['identy', bare]], registry, tracer))
      .route('/', bare);
    const requestUs = await microseconds(() =>
      withTrace(tracer.begin(REQUEST.headers), () => app.fetch(REQUEST))
    ) - bareRequestUs;
    const work = match(observeFaces(registry, tracer, ['identy'])(INSTANT, 'identy'));
    const trace = tracer.begin(REQUEST.headers);
    const matchUs = await microseconds(() => withTrace(trace, work)) - bareMatchUs;
    const share = 100 * (requestUs + matchUs) / 1000 / MATCH_MS;
    rows.push([name, requestUs.toFixed(2), matchUs.toFixed(2), `${share.toFixed(4)} %`]);
  }
  printTable(rows);
}
