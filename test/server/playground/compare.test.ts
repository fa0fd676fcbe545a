/** POST /playground/compare and GET /playground/info: answers, refusals, and what is logged. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Running, startFake } from '../support/running.ts';
import { ENGINE, photos } from './support.ts';

const LIMIT = 64 * 1024;
const COMPARE = '/playground/compare';

let running: Running;
beforeAll(() => {
  running = startFake({ bodyLimitBytes: LIMIT, bodyTimeoutMs: 300, deadlineMs: 300 });
  Object.assign(running.faces, { info: ENGINE });
});
afterAll(() => running.server.stop());
beforeEach(() => {
  running.faces.ready = true;
  running.lines.length = 0;
  running.text.length = 0;
});

function send(body: BodyInit, headers: HeadersInit = {}): Promise<Response> {
  return fetch(new URL(COMPARE, running.server.url), { method: 'POST', body, headers });
}

async function expectError(
  response: Response,
  http: number,
  code: string,
  photo?: string,
): Promise<void> {
  expect(response.status).toBe(http);
  const { error, ...rest } = await response.json();
  expect(rest).toEqual({});
  expect(error).toEqual({ code, message: expect.any(String), ...(photo ? { photo } : {}) });
}

describe('two photos', () => {
  test('are measured one by one and rated on both scales', async () => {
    const response = await send(photos('face 0', 'face 0 3'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const answer = await response.json();
    expect(answer).toMatchObject({
      similarity: 1,
      ratings: {
        'selfie': { score: 99.9, level: 'HIGHEST' },
        'picture-id': { score: 99.9, level: 'HIGHEST' },
      },
      totalMs: expect.any(Number),
    });
    expect(answer.photos.a.faces).toEqual([
      { left: 0, top: 0, right: 1, bottom: 1, confidence: 1 },
    ]);
    expect(answer.photos.b.faces).toHaveLength(3);
    for (const photo of [answer.photos.a, answer.photos.b]) {
      expect(photo).toMatchObject({ width: 480, height: 640 });
      expect(photo.mesh).toHaveLength(2 * 468);
      expect(photo.timingsMs).toEqual({ queue: 1, decode: 1, detect: 2, mesh: 3, embed: 4 });
    }
  });

  test('that differ get a low score', async () => {
    const answer = await (await send(photos('face 0', 'face 1.5'))).json();
    expect(answer.ratings.selfie.level).toBe('NONE');
    expect(answer.ratings.selfie.score).toBeLessThan(10);
  });

  test('never come back, nor their templates', async () => {
    const text = await (await send(photos('face 0', 'face 0'))).text();
    expect(Object.keys(JSON.parse(text).photos.a).sort()).toEqual(
      ['faces', 'height', 'mesh', 'pose', 'timingsMs', 'width'],
    );
  });
});

describe('a photo that cannot be compared', () => {
  test.each([
    ['none', 'NO_FACE'],
    ['broken', 'PHOTO_DAMAGED'],
    ['large', 'PHOTO_TOO_LARGE'],
    ['tiny', 'PHOTO_UNSUPPORTED'],
  ])('(%s) is %s, and the answer names it', async (says, code) => {
    await expectError(await send(photos(says, 'face 0')), 422, code, 'a');
    await expectError(await send(photos('face 0', says)), 422, code, 'b');
  });

  test('is reported for the first photo when both are', async () => {
    await expectError(await send(photos('broken', 'none')), 422, 'PHOTO_DAMAGED', 'a');
  });
});

describe('a request that is no form with two photos', () => {
  const file = () => new Blob(['x']);
  const form = (fill: (form: FormData) => void): FormData => {
    const made = new FormData();
    fill(made);
    return made;
  };

  test.each([
    ['no second photo', form((f) => f.append('a', file()))],
    ['other names', form((f) => [f.append('a', file()), f.append('c', file())])],
    ['a third part', form((f) => ['a', 'b', 'c'].forEach((name) => f.append(name, file())))],
    ['text for a photo', form((f) => [f.append('a', file()), f.append('b', 'text')])],
  ])('is refused: %s', async (_, body) => {
    await expectError(await send(body), 400, 'REQUEST_INVALID');
    expect(running.faces.seen).not.toContain('x');
  });

  test.each([
    '',
    'application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    'multipart/mixed; boundary=x',
  ])('is refused by its Content-Type before it is read: "%s"', async (type) => {
    await expectError(await send('--x', { 'Content-Type': type }), 400, 'REQUEST_INVALID');
    expect(running.lines[0].bytes_in).toBe(0);
  });

  test('is refused when it is too large, or comes too slowly', async () => {
    await expectError(
      await send(photos('face 0', new Uint8Array(LIMIT))),
      413,
      'REQUEST_TOO_LARGE',
    );
    const head = `POST ${COMPARE} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n` +
      'Content-Type: multipart/form-data; boundary=x\r\n\r\n--x';
    const answer = await running.raw([head]);
    expect(answer).toStartWith('HTTP/1.1 400 ');
    expect(answer).toContain('did not arrive within 300 ms');
  });

  test('of whatever bytes gets a typed answer, never a server error', async () => {
    const whole = new Uint8Array(await new Response(photos('face 0', 'face 1')).arrayBuffer());
    const text = new TextDecoder('latin1').decode(whole);
    const boundary = text.slice(2, text.indexOf('\r\n'));
    const cut = fc.nat({ max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(cut, cut, fc.uint8Array({ maxLength: 8 }), async (from, to, noise) => {
        const [start, end] = [Math.min(from, to), Math.max(from, to)];
        const body = new Uint8Array([...whole.slice(0, start), ...noise, ...whole.slice(end)]);
        const response = await send(body, {
          'Content-Type': `multipart/form-data; boundary=${boundary}`,
        });
        expect([200, 400, 422]).toContain(response.status);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a server that cannot take it', () => {
  test('answers busy and says when to come back', async () => {
    running.faces.ready = false;
    const starting = await send(photos('face 0', 'face 0'));
    expect(starting.headers.get('retry-after')).toBe('1');
    await expectError(starting, 503, 'BUSY');
    running.faces.ready = true;
    await expectError(await send(photos('busy', 'face 0')), 503, 'BUSY');
    await expectError(await send(photos('face 0', 'busy')), 503, 'BUSY');
  });

  test('gives up at the deadline', async () => {
    await expectError(await send(photos('slow 5000', 'face 0')), 503, 'TIMEOUT');
  });

  test('says nothing of its own failures', async () => {
    await expectError(await send(photos('crash', 'face 0')), 500, 'INTERNAL');
    const response = await send(photos('bug', 'face 0'));
    expect(await response.text()).not.toContain('secret');
    expect(running.text.join('')).not.toContain('secret');
    expect(running.lines.every(({ level }) => level === 'error')).toBe(true);
  });
});

test('a request leaves one log line, without names, scores or measurements', async () => {
  await send(photos('face 0', 'face 0'));
  expect(running.lines).toHaveLength(1);
  expect(running.lines[0]).toMatchObject({
    event: 'request',
    refid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    endpoint: COMPARE,
    outcome: 'COMPARED',
    http: 200,
    bytes_in: expect.any(Number),
  });
  for (const word of ['person', 'score', 'similarity', 'HIGHEST', 'mesh":[']) {
    expect(running.text[0]).not.toContain(word);
  }
});

test('other methods and paths are refused', async () => {
  const at = (path: string, method: string) => fetch(new URL(path, running.server.url), { method });
  const get = await at(COMPARE, 'GET');
  expect(get.headers.get('allow')).toBe('POST');
  await expectError(get, 405, 'METHOD_NOT_ALLOWED');
  await expectError(await at('/playground/info', 'DELETE'), 405, 'METHOD_NOT_ALLOWED');
  await expectError(await at('/playground/other', 'POST'), 404, 'NOT_FOUND');
});

describe('the engine', () => {
  const info = () => fetch(new URL('/playground/info', running.server.url));

  test('is described: pack, calibration, working points of both scales', async () => {
    const answer = await (await info()).json();
    expect(answer.pack).toEqual({ name: 'default', version: '1.2.3', signed: false });
    expect(answer.calibration).toMatchObject({
      data: ENGINE.calibration.data.name,
      impostorPairs: ENGINE.calibration.data.impostorPairs,
      date: ENGINE.calibration.run.date,
    });
    expect(answer.limits).toEqual({ requestBytes: LIMIT });
    const [selfie, pictureId] = [answer.scales.selfie, answer.scales['picture-id']];
    const scores = (points: { score: number }[]) => points.map(({ score }) => score);
    expect(scores(selfie).slice(1)).toEqual([80, 90, 95, 98]);
    expect(scores(pictureId).slice(1)).toEqual([60, 80, 85, 90]);
    for (const { fmr, threshold, extrapolated } of [...selfie, ...pictureId]) {
      const point = ENGINE.calibration.points.find((entry) => entry.fmr === fmr);
      expect(threshold).toBeCloseTo(point?.threshold ?? 0, 5);
      expect(extrapolated).toBe(point?.extrapolated);
    }
  });

  test('that has not started yet is busy', async () => {
    const other = startFake();
    await expectError(
      await fetch(new URL('/playground/info', other.server.url)),
      503,
      'BUSY',
    );
    await other.server.stop();
  });
});
