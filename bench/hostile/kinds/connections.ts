/** Hostile connections: slow, silent, half closed, left, many at a time, unread. */
import { BODY_TIMEOUT_MS, type Case, type Kind } from '../case.ts';
import { BAD_JSON, HEALTHY, MATCHED, NO_ANSWER } from '../expected.ts';
import { FACE_AS, matchBody, SELFIE } from '../honest.ts';
import { ABANDON, HALF_CLOSE, request, UNREAD, type WirePart } from '../wire.ts';

const HEALTH = request('GET /api/v1/face_health');
const KEPT = request('GET /api/v1/face_health', ['Connection: keep-alive']);
/** The largest answer there is. */
const NETWORKS = request('POST /api/v1/models', ['Connection: keep-alive']);
const JSON_LINE = 'Content-Type: application/json';
/** After which the runtime drops a connection without a whole request: 10 s, looked at every 4. */
const HEADER_TIMEOUT_MS = 15_000;

/** Three bytes of a body and a request behind them. */
const SMUGGLED = '{}]GET /api/v1/face_health HTTP/1.1\r\nHost: a\r\n\r\n';

/** Head of a request that promises a body, and the first bytes of it. */
const promising = (length: number, ...more: string[]) =>
  request(`POST ${FACE_AS}`, [JSON_LINE, `Content-Length: ${length}`, ...more], '{"image":"');

/** What is sent a byte at a time, this many milliseconds apart. */
const dripping = (text: string, ms: number): WirePart[] =>
  [...text].flatMap((byte) => [byte, ms] as const);

function slow(name: string, wire: readonly WirePart[]): Kind {
  const withinMs = BODY_TIMEOUT_MS + 5000;
  return { name, make: () => ({ send: { wire }, expect: [BAD_JSON], withinMs }) };
}

/** Connections that are dropped by us, or are to be dropped. */
function given(name: string, wire: readonly WirePart[], connections = 1, withinMs?: number): Kind {
  return {
    name,
    make: () => ({
      send: { wire, connections, answers: 0 },
      expect: [NO_ANSWER],
      ...(withinMs !== undefined && { withinMs }),
    }),
  };
}

async function match(sources: Parameters<Kind['make']>[0], ...headers: string[]) {
  return request(
    `POST ${SELFIE}`,
    [JSON_LINE, ...headers],
    JSON.stringify(await matchBody(sources)),
  );
}

export const CONNECTION_KINDS: readonly Kind[] = [
  slow('body: stalls', [promising(1000)]),
  slow('body: a byte at a time', [promising(1000), ...dripping('A'.repeat(300), 100)]),
  slow('body: shorter than promised, half closed late', [promising(1000), 3000, HALF_CLOSE]),
  given('headers: stall', ['POST /api/v1/pro'], 1, HEADER_TIMEOUT_MS),
  given(
    'headers: a byte at a time',
    dripping(`GET / HTTP/1.1\r\nX: ${'x'.repeat(99)}`, 250),
    1,
    HEADER_TIMEOUT_MS,
  ),
  {
    name: 'headers: slow but in time',
    make: () => ({
      send: { wire: dripping('GET /api/v1/face_health HTTP/1.0\r\n\r\n', 20) },
      expect: [HEALTHY],
    }),
  },
  given('500 silent connections', [500, ABANDON], 500),
  given('200 connections within their headers', ['GET / HT', 500, ABANDON], 200),
  given('100 connections within their bodies', [promising(100_000), 500, ABANDON], 100),
  {
    name: '100 requests at a time',
    make: () => ({ send: { wire: [HEALTH], connections: 100 }, expect: [HEALTHY] }),
  },
  given('answers that nobody reads', [UNREAD, ...new Array(20).fill(NETWORKS), 500, ABANDON], 20),
  {
    name: 'pipelining: fifty requests',
    make: () => ({
      send: { wire: [Buffer.concat(new Array(50).fill(KEPT))], answers: 50 },
      expect: [HEALTHY],
    }),
  },
  {
    name: 'pipelining: good behind bad',
    make: async (s): Promise<Case> => ({
      send: {
        wire: [
          request(`POST ${FACE_AS}`, [JSON_LINE, 'Connection: keep-alive'], '{'),
          await match(s),
        ],
        answers: 2,
      },
      expect: [BAD_JSON, MATCHED],
    }),
  },
  {
    name: 'body: longer than promised',
    make: () => ({
      send: { wire: [request(`POST ${FACE_AS}`, [JSON_LINE, 'Content-Length: 3'], SMUGGLED)] },
      expect: [BAD_JSON],
    }),
  },
  {
    name: 'half closed behind a request',
    make: async (s) => ({
      send: { wire: [await match(s), HALF_CLOSE] },
      expect: [MATCHED, NO_ANSWER],
    }),
  },
  given('half closed within a body', [promising(1000), 50, HALF_CLOSE]),
  given('left within a body', [promising(1000), 20, ABANDON]),
  {
    name: 'left before the answer',
    make: async (s) => ({
      send: { wire: [await match(s), s.random.below(20), ABANDON], answers: 0 },
      expect: [NO_ANSWER],
    }),
  },
];
