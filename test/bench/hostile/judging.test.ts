/** The judges of the hostile run: each says no when it should. */
import { afterAll, describe, expect, test } from 'bun:test';
import { MARKER } from '../../../bench/hostile/case.ts';
import { exchange } from '../../../bench/hostile/exchange.ts';
import { BAD_JSON, NO_ANSWER, NO_HTTP } from '../../../bench/hostile/expected.ts';
import { LogWatch } from '../../../bench/hostile/log-watch.ts';
import { isFlat } from '../../../bench/hostile/report.ts';
import { ABANDON, request } from '../../../bench/hostile/wire.ts';

const REFID = 'W-face-REQUEST-00000000-0000-0000-0000-000000000000-1790000000000';
const row = (changes: object = {}) => ({
  code: 501,
  feedbackCode: 'ERROR_INVALID_JSON',
  message: 'JSON EXCEPTION',
  refid: REFID,
  ...changes,
});

/** Path -> what is wrong with its answer. */
const ANSWERS: Record<string, () => Response> = {
  '/good': () => typed(row()),
  '/echo': () => typed(row({ message: MARKER })),
  '/more': () => typed(row({ stack: 'x' })),
  '/refid': () => typed(row({ refid: '1' })),
  '/other': () => typed(row({ code: 503 })),
  '/bare': () => new Response(null, { status: 400 }),
  '/unsafe': () => Response.json(row(), { status: 400 }),
  '/text': () => typed('no JSON', (body) => String(body)),
};

function typed(body: unknown, write = JSON.stringify as (body: unknown) => string): Response {
  const headers = { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' };
  return new Response(write(body), { status: 400, headers });
}

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: ({ url }) => ANSWERS[new URL(url).pathname](),
});
afterAll(() => server.stop(true));

describe('an answer', () => {
  const ask = async (path: string) => {
    const { ok, answer } = await exchange(server.url.href, { send: { path }, expect: [BAD_JSON] });
    return `${ok} ${answer}`;
  };

  test('is right when it is the row that was expected', async () => {
    expect(await ask('/good')).toBe('true 400 501 ERROR_INVALID_JSON');
  });

  test.each(['/more', '/refid', '/other', '/bare', '/unsafe', '/text'])(
    'is wrong when it is another: %s',
    async (path) => expect(await ask(path)).toStartWith('false 400'),
  );

  test('is wrong when it repeats what was sent', async () => {
    expect(await ask('/echo')).toBe('false 400 501 ERROR_INVALID_JSON, repeats its input');
  });

  test('is wrong when it is late', async () => {
    const late = { send: { path: '/good' }, expect: [BAD_JSON], withinMs: 0 };
    expect((await exchange(server.url.href, late)).answer).toEndWith('too late');
  });
});

describe('answers by hand', () => {
  const good = request('GET /good', ['Connection: keep-alive']);
  const talk = async (wire: (Uint8Array | typeof ABANDON)[], answers: number, connections = 1) =>
    (await exchange(server.url.href, {
      send: { wire, answers, connections },
      expect: answers === 0 ? [NO_ANSWER] : [BAD_JSON],
    })).ok;

  test('are as many as requests', async () => {
    expect(await talk([good, good, good], 3)).toBe(true);
    expect(await talk([good, good], 1)).toBe(false);
    expect(await talk([good], 1, 5)).toBe(true);
    expect(await talk([good, ABANDON], 0)).toBe(true);
  });

  test('without a body are told from those that have one', async () => {
    const broken = { wire: ['no HTTP\r\n\r\n'] };
    const judged = (expected: typeof BAD_JSON) =>
      exchange(server.url.href, { send: broken, expect: [expected] });
    expect((await judged(NO_HTTP)).ok).toBe(true);
    expect((await judged(BAD_JSON)).ok).toBe(false);
    const bare = { send: { path: '/good' }, expect: [NO_HTTP] };
    expect((await exchange(server.url.href, bare)).ok).toBe(false);
  });
});

test('a log is wrong where a line is', async () => {
  const line = (fields: object) => JSON.stringify({ level: 'info', event: 'request', ...fields });
  const wrong = [
    line({ outcome: MARKER }),
    line({ level: 'error' }),
    line({ request_id: 'a b' }),
    line({ cause: 'ü' }),
    line({ cause: 'x'.repeat(1000) }),
    '{"level":"info"}',
    'Error: at x.ts:1',
  ];
  const text = [
    line({ event: 'listening', url: 'http://a/' }),
    line({ request_id: 'a' }),
    ...wrong,
  ];
  const log = new LogWatch(new Blob([text.join('\n') + '\n']).stream());
  expect(await log.address).toBe('http://a/');
  await log.ended;
  expect(log.lines).toBe(text.length);
  expect(log.wrong.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
    'repeats a request',
    'an error',
    'wrong request id',
    'not ASCII',
    'too long',
    'no event',
    'not JSON',
  ]);
});

test('memory is flat when it only swings', () => {
  expect(isFlat([300, 600, 650, 700, 600, 720, 610, 690, 650, 640])).toBe(true);
  expect(isFlat([300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200])).toBe(false);
});
