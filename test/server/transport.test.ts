/** What hostile and broken clients get from the transport: limits, lies, slowness, silence. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { base64, picture } from './support/fake-faces.ts';
import { type Running, startFake } from './support/running.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const LIMIT = 64 * 1024;

let running: Running;
beforeAll(() => {
  running = startFake({
    bodyLimitBytes: LIMIT,
    bodyBudgetBytes: 4 * LIMIT,
    bodyTimeoutMs: 300,
    deadlineMs: 300,
  });
});
afterAll(() => running.server.stop());
beforeEach(() => {
  running.lines.length = 0;
});

function image(says: string): { template: string; format: string } {
  return { template: base64(picture(says)), format: 'JPEG' };
}
const good = { image: image('face 0'), imageToVerifyAgainst: image('face 0'), level: 'HIGH' };
const goodText = JSON.stringify(good);

const head = (...lines: string[]) =>
  `POST ${SELFIE} HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n${
    lines.map((line) => `${line}\r\n`).join('')
  }\r\n`;
const chunk = (bytes: Uint8Array) => [`${bytes.length.toString(16)}\r\n`, bytes, '\r\n'];

function bodyOf(answer: string): Record<string, unknown> {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
}

/** After whatever was done to it, the server still matches. */
async function expectAlive(): Promise<void> {
  expect((await running.post(SELFIE, goodText)).status).toBe(200);
}

describe('a body over the limit', () => {
  test('is refused by its Content-Length before a byte of it is sent', async () => {
    const answer = await running.raw([head('Content-Length: 50000000')]);
    expect(answer).toStartWith('HTTP/1.1 400 ');
    expect(bodyOf(answer)).toMatchObject({
      code: 501,
      feedbackCode: 'ERROR_INVALID_JSON',
      message: `JSON EXCEPTION: body is larger than ${LIMIT} bytes`,
    });
    expect(running.lines[0].bytes_in).toBe(0);
  });

  test('is refused while it streams in chunks, and held no longer than that', async () => {
    const mega = new Uint8Array(1024 * 1024).fill(0x20);
    const fifty = Array.from({ length: 50 }, () => chunk(mega)).flat();
    const answer = await running.raw([head('Transfer-Encoding: chunked'), ...fifty, '0\r\n\r\n']);
    expect(answer).toStartWith('HTTP/1.1 400 ');
    expect(bodyOf(answer).code).toBe(501);
    await expectAlive();
  });

  test('leaves the client able to read its answer, even one that sends everything first', async () => {
    const response = await running.post(SELFIE, new Uint8Array(20_000_000));
    expect(response.status).toBe(400);
    expect((await response.json()).code).toBe(501);
  });

  test('leaves the connection in step for the next request', async () => {
    const much = new Uint8Array(LIMIT + 1).fill(0x20);
    const request = `${head(`Content-Length: ${goodText.length}`)}${goodText}`;
    const answer = await running.raw(
      [head(`Content-Length: ${much.length}`), much, 50, request],
      2000,
      2,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*HTTP\/1\.1 200 /);
  });

  test('of exactly the limit is read', async () => {
    const padded = goodText + ' '.repeat(LIMIT - goodText.length);
    expect((await running.post(SELFIE, padded)).status).toBe(200);
    expect((await running.post(SELFIE, `${padded} `)).status).toBe(400);
  });
});

describe('a body that does not come as promised', () => {
  test('too slow is answered when its time is up', async () => {
    const answer = await running.raw([head('Content-Length: 1000'), '{', 100, ' ']);
    expect(answer).toStartWith('HTTP/1.1 400 ');
    expect(bodyOf(answer).message).toBe('JSON EXCEPTION: body did not arrive within 300 ms');
  });

  test('cut off is logged and costs nothing more', async () => {
    await running.raw([head('Content-Length: 1000'), '{"image":', 20], 60);
    while (running.lines.length === 0) await Bun.sleep(2);
    expect(running.lines[0]).toMatchObject({ code: 501, outcome: 'ERROR_INVALID_JSON' });
    await expectAlive();
  });

  test('with a length too short is broken JSON, and its rest no request of its own', async () => {
    const smuggled = 'GET /api/v1/face_health HTTP/1.1\r\nHost: a\r\n\r\n';
    const answer = await running.raw(
      [`${head('Content-Length: 9')}{"image":x${smuggled}`],
      300,
      2,
    );
    expect(answer).toStartWith('HTTP/1.1 400 ');
    expect(answer).toContain('"JSON EXCEPTION"');
    expect(answer).not.toContain(' 200 OK');
  });

  test('with contradicting lengths is no HTTP', async () => {
    for (
      const lines of [
        ['Content-Length: 3', 'Content-Length: 5'],
        ['Content-Length: -3'],
        ['Content-Length: 0x10'],
        ['Content-Length: 3', 'Transfer-Encoding: chunked'],
      ]
    ) {
      expect(await running.raw([head(...lines), '{}'])).toStartWith('HTTP/1.1 400 ');
    }
    await expectAlive();
  });

  test('is read when it comes in small pieces', async () => {
    const pieces = goodText.match(/.{1,40}/gs) ?? [];
    const bytes = pieces.flatMap((piece) => chunk(new TextEncoder().encode(piece)));
    const answer = await running.raw([head('Transfer-Encoding: chunked'), ...bytes, '0\r\n\r\n']);
    expect(answer).toStartWith('HTTP/1.1 200 ');
  });

  test('after Expect: 100-continue is asked for and read', async () => {
    const answer = await running.raw([
      head('Expect: 100-continue', `Content-Length: ${goodText.length}`),
      50,
      goodText,
    ]);
    expect(answer).toStartWith('HTTP/1.1 100 ');
    expect(answer).toContain('HTTP/1.1 200 ');
  });
});

describe('old and odd HTTP', () => {
  test.each(['GET /api/v1/face_health HTTP/1.0', 'GET /api/v1/face_health?probe HTTP/1.0'])(
    '%s without Host, as load balancers send it, is a health check',
    async (line) => {
      const answer = await running.raw([`${line}\r\n\r\n`]);
      expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
      expect(answer).toEndWith('\r\n\r\nOK');
    },
  );

  test('a match over HTTP/1.0 without Host is answered', async () => {
    const answer = await running.raw([
      `POST ${SELFIE} HTTP/1.0\r\nContent-Length: ${goodText.length}\r\n\r\n${goodText}`,
    ]);
    expect(answer).toContain('"feedbackCode":"FEEDBACK_MATCHED"');
  });

  test('an empty Host reaches its path too', async () => {
    const answer = await running.raw([`GET /api/v1/face_health HTTP/1.1\r\nHost: \r\n\r\n`]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each([
    '[',
    '::1',
    'a:99999',
    'a:b',
    '%00',
    'a b',
    'a/b',
    'a@b',
    'localhost#',
    '<b>',
    '\u00e4',
    'a\r\nHost: b',
  ])(
    'a Host that names none, %s, is refused before any family sees the request',
    async (host) => {
      for (const path of [SELFIE, '/docval/demo', '/']) {
        const answer = await running.raw([
          Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 'latin1'),
        ]);
        expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*\r\n\r\n$/);
      }
      expect(running.lines).toEqual([]);
    },
  );

  test('a target that is no path is refused, one of another host is ours', async () => {
    const connect = 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n';
    expect(await running.raw([connect])).toStartWith('HTTP/1.1 400 ');
    const absolute = 'GET http://elsewhere.example/api/v1/face_health HTTP/1.1\r\nHost: a\r\n\r\n';
    expect(await running.raw([absolute])).toStartWith('HTTP/1.1 200 ');
  });

  test('a compressed body is refused by its header, not as broken JSON', async () => {
    const gzip = Bun.gzipSync(goodText);
    const answer = await running.post(SELFIE, gzip, { 'Content-Encoding': 'gzip' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 501,
      message: 'INVALID ARGUMENT EXCEPTION: the body must not have a Content-Encoding',
    });
    const plain = await running.post(SELFIE, good, { 'Content-Encoding': 'identity' });
    expect(plain.status).toBe(200);
  });
});

describe('broken HTTP', () => {
  test('is answered 400 by the parser, before any code of ours', async () => {
    for (
      const request of [
        'NUL\0L / HTTP/1.1\r\n\r\n',
        `POST ${SELFIE} HTTP/1.1\r\nHost: a\r\nX\0Y: 1\r\nContent-Length: 2\r\n\r\n{}`,
        `POST ${SELFIE} HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nContent-Length: 2\r\n\r\n{}`,
        `POST ${SELFIE} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n`,
      ]
    ) {
      expect(await running.raw([request], 500)).not.toContain(' 200 ');
    }
    await expectAlive();
  });

  test('with headers beyond all measure is refused', async () => {
    const answer = await running.raw([head(`X-Long: ${'a'.repeat(200_000)}`)], 500);
    expect(answer).not.toContain(' 200 ');
    await expectAlive();
  });
});

describe('time and room', () => {
  test('a match past its deadline is answered as a matching error', async () => {
    const response = await running.post(SELFIE, { ...good, image: image('slow 5000') });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: 500,
      feedbackCode: 'FEEDBACK_MATCHING_ERROR',
    });
    expect(String(running.lines[0].cause)).toStartWith('DEADLINE');
  });

  test('bodies that together exceed the memory budget are answered busy', async () => {
    const holder = (n: number) =>
      running.raw([head(`Content-Length: ${LIMIT}`), ' '.repeat(LIMIT - 1 - n)], 250);
    const holders = Array.from({ length: 5 }, (_, n) => holder(n));
    const answers = await Promise.all(holders);
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 503 '))).toHaveLength(1);
    await Bun.sleep(150);
    await expectAlive();
  });

  test('a client that leaves ends the work for it', async () => {
    const client = new AbortController();
    const gone = fetch(new URL(SELFIE, running.server.url), {
      method: 'POST',
      body: JSON.stringify({ ...good, image: image('slow 250') }),
      signal: client.signal,
    }).catch(() => 'gone');
    await Bun.sleep(60);
    client.abort();
    expect(await gone).toBe('gone');
    while (running.lines.length === 0) await Bun.sleep(2);
    expect(running.lines[0]).toMatchObject({ level: 'info' });
    expect(String(running.lines[0].cause)).toStartWith('CANCELLED');
  });
});

describe('request bodies by chance', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));
  const cut = fc.nat(goodText.length).map((at) => goodText.slice(0, at));
  const swapped = fc.tuple(fc.nat(goodText.length - 1), fc.string({ minLength: 1, unit: 'binary' }))
    .map(([at, text]) => goodText.slice(0, at) + text + goodText.slice(at + text.length));
  const member = fc.constantFrom('image', 'imageToVerifyAgainst', 'level');
  const replaced = fc.tuple(member, fc.jsonValue({ maxDepth: 2 }))
    .map(([name, value]) => JSON.stringify({ ...good, [name]: value }));
  const bytes = fc.uint8Array({ maxLength: 300 });

  test('are always answered with a row of table 9 or a match', async () => {
    const rows = new Set([
      '200 200 FEEDBACK_MATCHED',
      '400 501 ERROR_INVALID_JSON',
      '400 503 ERROR_INVALID_IMAGE',
      '400 504 ERROR_INVALID_FORMAT',
      '400 505 ERROR_INVALID_MATCH_LEVEL',
    ]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, cut, swapped, replaced, bytes), async (body) => {
        const response = await running.post(SELFIE, body as BodyInit);
        const answer = await response.json();
        expect(rows).toContain(`${response.status} ${answer.code} ${answer.feedbackCode}`);
        expect(answer.refid).toStartWith('W-face-MATCH121-');
      }),
      { numRuns: 500 },
    );
  });
});
