/** The end of the server: what is in flight finishes, what is new is refused, and it ends in time. */
import { describe, expect, test } from 'bun:test';
import { base64, picture } from './support/fake-faces.ts';
import { startFake } from './support/running.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });
const slow = (ms: number) => ({
  image: image(`slow ${ms}`),
  imageToVerifyAgainst: image('face 0'),
  level: 'LOW',
});

describe('stop', () => {
  test('lets work in flight finish and refuses new connections', async () => {
    const { server, post, faces } = startFake();
    const inFlight = post(SELFIE, slow(150));
    while (faces.seen.length === 0) await Bun.sleep(2);
    const stopped = server.stop();
    expect(await post(SELFIE, slow(0)).then((r) => r.status, () => 'refused')).toBeOneOf([
      503,
      'refused',
    ]);
    expect((await inFlight).status).toBe(200);
    await stopped;
    expect(await post(SELFIE, slow(0)).then((r) => r.status, () => 'refused')).toBe('refused');
  });

  test('answers a request on a connection that is still open: 503, busy', async () => {
    const { server, raw, faces } = startFake();
    const body = JSON.stringify(slow(200));
    const request = `POST ${SELFIE} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    const other = raw([request + body], 2000);
    const health = 'GET /api/v1/face_health HTTP/1.1\r\nHost: a\r\n\r\n';
    const kept = raw([health, 80, health], 2000, 2);
    while (faces.seen.length === 0) await Bun.sleep(2);
    await Bun.sleep(20);
    const stopped = server.stop();
    const answers = await kept;
    expect(answers).toStartWith('HTTP/1.1 200 ');
    if (answers.includes('HTTP/1.1 503')) expect(answers).toContain('NOT READY');
    expect(await other).toStartWith('HTTP/1.1 200 ');
    await stopped;
  });

  test('waits no longer than the limit', async () => {
    const { server, post, faces, lines } = startFake({ drainMs: 50 });
    const inFlight = post(SELFIE, slow(20_000)).then((r) => r.status, () => 'cut');
    while (faces.seen.length === 0) await Bun.sleep(2);
    await server.stop();
    expect(await inFlight).toBe('cut');
    expect(lines.findLast((line) => line.event === 'stopped')?.complete).toBe(false);
  });

  test('twice is once', async () => {
    const { server, lines } = startFake();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(lines.filter((line) => line.event === 'stopped')).toHaveLength(1);
  });
});
