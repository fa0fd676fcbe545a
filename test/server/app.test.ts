/** What holds for every answer: security headers, cross-origin rules, pages, and the log line. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { base64, picture } from './support/fake-faces.ts';
import { type Running, startFake } from './support/running.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });
const good = { image: image('face 0'), imageToVerifyAgainst: image('face 0.3'), level: 'HIGH' };

let closed: Running;
let open: Running;
beforeAll(() => {
  closed = startFake({ logLevel: 'info' });
  open = startFake({ corsOrigins: ['https://bank.example'] }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== '/') return undefined;
    return new Response('<!doctype html>', {
      headers: { 'Content-Type': 'text/html', 'Content-Security-Policy': "default-src 'self'" },
    });
  });
});
afterAll(async () => {
  await closed.server.stop();
  await open.server.stop();
});

describe('every answer', () => {
  test('carries the security headers', async () => {
    const answers = [
      await closed.post(SELFIE, good),
      await closed.post(SELFIE, 'x'),
      await fetch(new URL('/api/v1/face_health', closed.server.url)),
      await fetch(new URL('/nothing', closed.server.url)),
    ];
    for (const { headers } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toStartWith("default-src 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('server')).toBeNull();
    }
  });

  test('repeats no request: TRACE is not there', async () => {
    const answer = await closed.raw([
      'TRACE / HTTP/1.1\r\nHost: gate\r\nX-Secret: marked\r\nConnection: close\r\n\r\n',
    ]);
    expect(answer).toStartWith('HTTP/1.1 404 ');
    expect(answer).not.toContain('marked');
  });

  test('names no origin unless one is allowed', async () => {
    const headers = { Origin: 'https://bank.example', 'Content-Type': 'application/json' };
    const answer = await closed.post(SELFIE, good, headers);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('cross-origin requests', () => {
  const preflight = (origin: string) =>
    fetch(new URL(SELFIE, open.server.url), {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,requestid,logapitrigger',
      },
    });

  test('of an allowed origin are let through, with the headers clients send', async () => {
    const answer = await preflight('https://bank.example');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://bank.example');
    expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(
      'requestid',
    );
    const match = await open.post(SELFIE, good, { Origin: 'https://bank.example' });
    expect(match.headers.get('access-control-allow-origin')).toBe('https://bank.example');
  });

  test('of another origin are not', async () => {
    const answer = await preflight('https://evil.example');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('that need no preflight are refused before any work is done, wherever they go', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    for (const path of [SELFIE, '/api/v1/face/as', '/v4/validate', '/api/v1/pub_key', '/compare']) {
      for (const site of ['cross-site', 'same-site']) {
        const headers = { ...form, Origin: 'https://evil.example', 'Sec-Fetch-Site': site };
        const answer = await open.post(path, 'image=x', headers);
        expect([path, answer.status]).toEqual([path, 403]);
        expect(await answer.json()).toEqual({ code: 403, message: 'Forbidden' });
      }
    }
  });

  test('of allowed origins, own pages and programs are none of those', async () => {
    const asked = async (headers: Record<string, string>) =>
      (await open.post(SELFIE, good, { 'Content-Type': 'application/json', ...headers })).status;
    const allowed = 'https://bank.example';
    expect(await asked({ Origin: allowed, 'Sec-Fetch-Site': 'cross-site' })).toBe(200);
    expect(await asked({ Origin: 'https://x.example', 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
    // a program names an origin because of the licence
    expect(await asked({ Origin: 'https://evil.example' })).toBe(200);
  });
});

describe('pages', () => {
  test('are served with their own policy where no API answers', async () => {
    const page = await fetch(open.server.url);
    expect([page.status, await page.text()]).toEqual([200, '<!doctype html>']);
    expect(page.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(new URL('/other', open.server.url))).status).toBe(404);
    expect((await fetch(open.server.url, { method: 'POST' })).status).toBe(404);
  });
});

describe('the log line of a request', () => {
  test('says what happened and how long each stage took', async () => {
    closed.lines.length = 0;
    const body = JSON.stringify(good);
    const response = await closed.post(SELFIE, body, { LogAPITrigger: 'true', requestID: 'abc-1' });
    const { refid } = await response.json();
    expect(closed.lines).toEqual([{
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      event: 'request',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      refid,
      endpoint: SELFIE,
      bytes_in: body.length,
      request_id: 'abc-1',
      api_trigger: true,
      outcome: 'FEEDBACK_MATCHED',
      code: 200,
      http: 200,
      timings_ms: {
        queue: 2,
        decode: 2,
        detect: 4,
        mesh: 6,
        embed: 8,
        total: expect.any(Number),
      },
    }]);
  });

  test('tells nothing of the person: no picture, vector, score or level', async () => {
    closed.text.length = 0;
    await closed.post(SELFIE, good);
    await closed.post(SELFIE, { ...good, image: image('bug') });
    await closed.post(SELFIE, { ...good, image: { template: 'c2VjcmV0', format: 'JPEG' } });
    const all = closed.text.join('');
    expect(closed.text).toHaveLength(3);
    for (
      const secret of [
        good.image.template,
        good.imageToVerifyAgainst.template,
        'c2VjcmV0',
        'secret',
        'score',
        'HIGHEST',
        'MEDIUM',
        '0.95',
      ]
    ) {
      expect(all).not.toContain(secret);
    }
  });

  test('tells the level reached at level debug only', async () => {
    open.lines.length = 0;
    await open.post(SELFIE, good);
    expect(open.lines[0].level_reached).toBe('MEDIUM');
  });

  test('takes no line, field or control character from a request', async () => {
    const body = JSON.stringify(good);
    for (
      const [requestID, logged] of [
        ['a\tb"},{"level":"error', 'ab"},{"level":"error'],
        ['\u00e4\u0085x', 'x'],
        ['x'.repeat(500), 'x'.repeat(128)],
        [' ', undefined],
      ] as const
    ) {
      closed.lines.length = 0;
      closed.text.length = 0;
      await closed.raw([
        `POST ${SELFIE}?q=%0a{"fake":1} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n`,
        Buffer.from(`requestID: ${requestID}\r\n\r\n`, 'latin1'),
        body,
      ]);
      expect(closed.text).toHaveLength(1);
      expect(closed.text[0]).toMatch(/^[\x20-\x7e]+\n$/);
      expect(closed.lines[0]).toMatchObject({ level: 'info', endpoint: SELFIE });
      expect(closed.lines[0].request_id).toBe(logged);
    }
    closed.text.length = 0;
    await fetch(new URL('/api/v1/%0a%7b%22fake%22:1%7d', closed.server.url));
    expect(closed.text.join('')).not.toContain('fake');
  });
});
