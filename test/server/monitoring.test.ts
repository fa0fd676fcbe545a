/** `/healthz`, `/readyz` and `/metrics` over real HTTP: what they say, and who gets to read them. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base64, picture } from './support/fake-faces.ts';
import { type Running, startFake } from './support/running.ts';
import { parseMetrics, scrape } from './support/scrape.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });
const match = (a: string, b: string) => ({
  image: image(a),
  imageToVerifyAgainst: image(b),
  level: 'HIGH',
});

const started: Running[] = [];
function start(...args: Parameters<typeof startFake>): Running {
  const running = startFake(...args);
  started.push(running);
  return running;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'monitoring-'));
});
afterAll(async () => {
  await Promise.all(started.map(({ server }) => server.stop()));
  await rm(folder, { recursive: true });
});

async function readiness({ server }: Running) {
  const answer = await fetch(new URL('/readyz', server.url));
  const { ready, checks } = await answer.json();
  const failed = checks.filter(({ status }: { status: string }) => status !== 'passed');
  return {
    status: answer.status,
    ready,
    names: checks.map(({ check }: { check: string }) => check),
    failed,
  };
}

describe('/healthz', () => {
  test('answers as long as the process does', async () => {
    const running = start();
    running.faces.ready = false;
    const answer = await fetch(new URL('/healthz', running.server.url));
    expect([answer.status, await answer.json()]).toEqual([200, { alive: true }]);
    const head = await fetch(new URL('/healthz', running.server.url), { method: 'HEAD' });
    expect(head.status).toBe(200);
  });
});

describe('/readyz', () => {
  test('names every check', async () => {
    const running = start({ dataFolder: folder });
    expect(await readiness(running)).toEqual({
      status: 200,
      ready: true,
      names: ['open', 'face-engine', 'trust-store', 'data-folder', 'records'],
      failed: [],
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('says when the face engine takes no pictures', async () => {
    const running = start();
    running.faces.ready = false;
    expect(await readiness(running)).toMatchObject({
      status: 503,
      ready: false,
      failed: [{ check: 'face-engine' }],
    });
  });

  test('says when the data folder cannot be written', async () => {
    const running = start({ dataFolder: join(folder, 'not there') });
    expect(await readiness(running)).toMatchObject({
      status: 503,
      failed: [{ check: 'data-folder', reason: 'cannot be written: ENOENT' }],
    });
  });

  test('on its own listener says when the server is shutting down', async () => {
    const running = start({ metricsListen: '127.0.0.1:0', drainMs: 2000 });
    const { url } = running.lines.find(({ event }) => event === 'monitoring') as { url: string };
    const pending = running.post(SELFIE, match('slow 300', 'face 0'));
    while (running.faces.seen.length === 0) await Bun.sleep(1);
    const stopped = running.server.stop();
    const answer = await fetch(new URL('/readyz', url));
    expect(answer.status).toBe(503);
    expect((await answer.json()).checks[0]).toMatchObject({ check: 'open', status: 'failed' });
    await Promise.all([pending, stopped]);
  });
});

describe('/metrics', () => {
  test('counts requests by endpoint and status, and what faces came to', async () => {
    const { server, post } = start();
    await post(SELFIE, match('face 0', 'face 0'));
    await post(SELFIE, match('face 0', 'face 3'));
    await post(SELFIE, match('none', 'face 0'));
    await post('/api/v1/face/as', { image: base64(picture('face 0 1 0.85')), threshold: 'LOW' });
    await fetch(new URL(SELFIE, server.url));
    const metrics = await scrape(server.url);
    const requests = (family: string, endpoint: string, code: number) =>
      metrics.get(
        `gatehouse_http_request_duration_seconds_count{family="${family}",endpoint="${endpoint}",code="${code}"}`,
      );
    expect([200, 400, 405].map((code) => requests('identy', SELFIE, code))).toEqual([2, 1, 1]);
    expect(requests('identy', '/api/v1/face/as', 200)).toBe(1);
    const expected = {
      'gatehouse_match_outcomes_total{family="identy",kind="selfie",level="HIGHEST"}': 1,
      'gatehouse_match_outcomes_total{family="identy",kind="selfie",level="NONE"}': 1,
      'gatehouse_liveness_ratings_total{level="BALANCED_HIGH"}': 1,
      'gatehouse_liveness_score_ratio_bucket{le="0.8"}': 0,
      'gatehouse_liveness_score_ratio_bucket{le="0.85"}': 1,
      'gatehouse_liveness_decisions_total{wanted="LOW",outcome="live"}': 1,
      // of the failed comparison one picture had a face
      'gatehouse_face_stage_duration_seconds_count{stage="embed"}': 6,
      [`gatehouse_identy_answers_total{endpoint="${SELFIE}",outcome="FEEDBACK_MATCHED"}`]: 2,
      [`gatehouse_identy_answers_total{endpoint="${SELFIE}",outcome="ERROR_INVALID_IMAGE"}`]: 1,
      'gatehouse_identy_answers_total{endpoint="/api/v1/face/as",outcome="LIVE"}': 1,
      // the scrape itself
      'gatehouse_http_requests_in_flight': 1,
      'gatehouse_face_engine_ready': 1,
    };
    for (const [series, value] of Object.entries(expected)) {
      expect([series, metrics.get(series)]).toEqual([series, value]);
    }
    expect(metrics.get('gatehouse_http_request_body_bytes_total')).toBeGreaterThan(400);
    expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(2 ** 20);
  });

  test('does not grow with paths, methods and texts that clients make up', async () => {
    const { server, raw } = start();
    const visit = async (salt: string) => {
      for (
        const path of [`/${salt}`, `/api/v1/${salt}`, `/playground/${salt}`, `/docval/${salt}`]
      ) {
        await fetch(new URL(path, server.url), { headers: { requestID: salt, traceparent: salt } });
        await fetch(new URL(path, server.url), { method: 'DELETE', body: salt });
      }
      await raw([`GET ${SELFIE}?${salt} HTTP/1.1\r\nHost: ${salt}\r\n\r\n`]);
    };
    await visit('first');
    // the first scrape is counted in the second
    await scrape(server.url);
    const before = await scrape(server.url);
    for (let i = 0; i < 20; i++) await visit(`x${i}`);
    const after = await scrape(server.url);
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect([...after.keys()].join()).not.toMatch(/first|x1/);
  });

  test('is there for this machine only', async () => {
    const { server, raw } = start();
    const status = async (headers: Record<string, string>) =>
      (await fetch(new URL('/metrics', server.url), { headers })).status;
    expect(await status({})).toBe(200);
    for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP']) {
      expect([header, await status({ [header]: '10.0.0.1' })]).toEqual([header, 404]);
    }
    const other = await raw(['GET /metrics HTTP/1.1\r\nHost: gatehouse.example\r\n\r\n']);
    expect(other).toStartWith('HTTP/1.1 404 ');
  });

  test('is on a listener of its own where one is set, and on the other port no more', async () => {
    const running = start({ metricsListen: '127.0.0.1:0' });
    const { url } = running.lines.find(({ event }) => event === 'monitoring') as { url: string };
    expect((await fetch(new URL('/metrics', running.server.url))).status).toBe(404);
    const answer = await fetch(new URL('/metrics', url), {
      headers: { 'X-Forwarded-For': '10.0.0.1' },
    });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(parseMetrics(await answer.text()).get('gatehouse_face_engine_ready')).toBe(1);
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
    expect((await fetch(new URL(SELFIE, url))).status).toBe(404);
  });

  test('is nowhere when switched off', async () => {
    const { server } = start({ metricsListen: 'off' });
    expect((await fetch(new URL('/metrics', server.url))).status).toBe(404);
    expect((await fetch(new URL('/healthz', server.url))).status).toBe(200);
  });

  test('is OpenMetrics for those that ask for it', async () => {
    const { server } = start();
    const answer = await fetch(new URL('/metrics', server.url), {
      headers: { Accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' },
    });
    expect(answer.headers.get('content-type')).toStartWith('application/openmetrics-text');
    expect(await answer.text()).toEndWith('# EOF\n');
  });

  const promtool = Bun.which('promtool');
  test.skipIf(promtool === null)('has nothing that promtool would change', async () => {
    const { server, post } = start();
    await post(SELFIE, match('face 0', 'face 0'));
    const text = await (await fetch(new URL('/metrics', server.url))).text();
    const check = Bun.spawn([promtool!, 'check', 'metrics'], {
      stdin: new TextEncoder().encode(text),
      stderr: 'pipe',
    });
    expect([await new Response(check.stderr).text(), await check.exited]).toEqual(['', 0]);
  });
});

test('a listener that cannot be opened ends the start with its address', () => {
  const first = start();
  expect(() => start({ metricsListen: `127.0.0.1:${first.port}` })).toThrow(
    `127.0.0.1:${first.port} cannot be opened: another program uses it`,
  );
});
