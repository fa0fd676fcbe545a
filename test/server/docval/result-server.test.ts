/** Results on their way to the relying party: body, signature, permission, and servers that do not behave. */
import { afterAll, describe, expect, test } from 'bun:test';
import { createHmac } from 'node:crypto';
import { passportOf, relay, startMessage } from './support/client.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';
import { DEVICE_CLIENT, type DocvalServer, startDocval } from './support/server.ts';

const specimen = makeSpecimen(PROFILES.BAC);
const stops: (() => Promise<void>)[] = [];

afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

interface Post {
  readonly headers: Headers;
  readonly body: string;
}

interface Receiver {
  readonly url: string;
  readonly posts: Post[];
}

/** A result server that answers the n-th post with the n-th status; the last one holds on. */
function receiver(
  statuses: readonly (number | 'never')[],
  headers: Record<string, string> = {},
  answer = '',
): Receiver {
  const posts: Post[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const body = await request.text();
      const status = statuses[Math.min(posts.length, statuses.length - 1)];
      posts.push({ headers: request.headers, body });
      if (status === 'never') await Bun.sleep(600);
      return new Response(answer, { status: status === 'never' ? 200 : status, headers });
    },
  });
  stops.push(() => server.stop(true));
  return { url: server.url.href, posts };
}

function serve(client: object, limits = {}): DocvalServer {
  const server = startDocval({
    trust: specimen.trust,
    clients: [{ ...DEVICE_CLIENT, ...client }],
    limits,
  });
  stops.push(() => server.stop());
  return server;
}

test('the body carries the passport and the id of the client twice', async () => {
  const { url, posts } = receiver([200]);
  const server = serve({
    result_server: { url, headers: { Authorization: 'Bearer secret-token' } },
  });
  const transcript = await relay(server.v1, specimen.insert());
  expect(transcript.code).toBe(1000);
  expect(posts.length).toBe(1);
  const id = 'cf847daa-a548-4509-bdeb-4edd51aee448';
  expect(JSON.parse(posts[0].body)).toEqual({
    emrtd_passport: passportOf(transcript),
    client_validation_id: id,
    validation_id: id,
  });
  expect(posts[0].headers.get('authorization')).toBe('Bearer secret-token');
  expect(posts[0].headers.get('content-type')).toBe('application/json');
  expect(posts[0].headers.get('x-gatehouse-signature')).toBeNull();
  expect(server.log.join()).not.toContain('secret-token');
});

test('a configured secret signs time and body', async () => {
  const { url, posts } = receiver([200]);
  const hmac_secret = 'a secret of more than 16';
  await relay(serve({ result_server: { url, hmac_secret } }).v1, specimen.insert());
  const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
    posts[0].headers.get('x-gatehouse-signature') ?? '',
  ) ?? [];
  expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
  expect(mac).toBe(
    createHmac('sha256', hmac_secret).update(`${seconds}.${posts[0].body}`).digest('hex'),
  );
});

describe('the device gets the result', () => {
  const cases: [string, object, string, boolean][] = [
    ['when it asks and may have it', {}, '?return_result=true', true],
    ['not when it does not ask', {}, '', false],
    ['not when it asks for something else', {}, '?return_result=1', false],
    ['not when it may not have it', { return_result: false }, '?return_result=true', false],
  ];
  for (const [name, client, query, expected] of cases) {
    test(name, async () => {
      const { url, posts } = receiver([200]);
      const server = serve({ ...client, result_server: { url } });
      const target = `${server.v1.split('?')[0]}${query}`;
      const transcript = await relay(target, specimen.insert());
      expect(transcript.code).toBe(1000);
      expect(passportOf(transcript) !== undefined).toBe(expected);
      expect(posts.length).toBe(1);
    });
  }
});

describe('a result server', () => {
  const failing: [string, (number | 'never')[], number][] = [
    ['with a fault of its own is tried four times', [500], 4],
    ['that is busy is tried four times', [429], 4],
    ['that timed out is tried four times', [408], 4],
    ['that is slow is tried four times', ['never'], 4],
    ['that refuses is tried once', [400], 1],
    ['that does not know the key is tried once', [401], 1],
    ['that sends elsewhere is tried once', [302], 1],
  ];
  for (const [name, statuses, tries] of failing) {
    test(name, async () => {
      const { url, posts } = receiver(statuses, { Location: 'http://127.0.0.1:1/' });
      const server = serve({ result_server: { url } });
      const transcript = await relay(server.v1, specimen.insert());
      expect([transcript.code, transcript.reason]).toEqual([1011, 'POST_TO_RESULT_SERVER_FAILED']);
      expect(passportOf(transcript)).toBeUndefined();
      expect(posts.length).toBe(tries);
      expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    });
  }

  for (const first of [503, 429, 'never'] as const) {
    test(`that recovers from ${first} has the result`, async () => {
      const { url, posts } = receiver([first, 200]);
      const server = serve({ result_server: { url } });
      const transcript = await relay(server.v1, specimen.insert());
      expect(transcript.code).toBe(1000);
      expect(posts.length).toBe(2);
      expect(server.sessions()).toMatchObject([{ outcome: 'DONE', post_tries: 2 }]);
    });
  }

  test('has the result when it says so, whatever it says besides', async () => {
    const { url, posts } = receiver([200], { 'Content-Encoding': 'gzip' }, 'not what gzip makes');
    const server = serve({ result_server: { url } });
    const transcript = await relay(server.v1, specimen.insert());
    expect(transcript.code).toBe(1000);
    expect(posts.length).toBe(1);
  });

  test('is not tried again once the session is over', async () => {
    const { url, posts } = receiver(['never']);
    const server = serve({ result_server: { url } }, { sessionTimeoutMs: 150 });
    const transcript = await relay(server.v1, specimen.insert());
    expect(transcript.reason).toBe('MAX_SESSION_TIME_EXCEEDED');
    await Bun.sleep(100);
    expect(posts.length).toBe(1);
  });
});

test('files come along where the client is configured to get them', async () => {
  const server = serve({ include_files: true });
  const transcript = await relay(server.v1, specimen.insert(), startMessage());
  const files = passportOf(transcript)?.files_binary as Record<string, string>;
  expect(Object.keys(files)).toEqual(['sod', 'dg1', 'dg2']);
  expect(Uint8Array.fromBase64(files.dg1).subarray(0, 5).toHex()).toBe('615b5f1f58');
});

describe('a client that accepts', () => {
  const cases: [string, object, string[]][] = [
    ['passports has nothing against one', { types: ['TD3'], issuing_states: ['D', 'UTO'] }, []],
    ['cards only is told', { types: ['TD1'] }, [
      'DOCUMENT_NOT_ALLOWED: the document is of another type',
    ]],
    ['one state only is told', { issuing_states: ['D'] }, [
      'DOCUMENT_NOT_ALLOWED: the document is of another state',
    ]],
  ];
  for (const [name, documents, errors] of cases) {
    test(name, async () => {
      const transcript = await relay(serve({ documents }).v1, specimen.insert());
      expect(passportOf(transcript)).toMatchObject({ passive_authentication: true, errors });
    });
  }
});
