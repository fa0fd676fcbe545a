/** The endpoint that gives the Face SDK its networks. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createLogger, loadConfig, type RunningServer, startServer } from '../../../server/mod.ts';
import { writeArchive } from '../../../server/identy/models/archive.ts';
import { readArchive } from '../../../server/web/face-sdk/archive.ts';
import { defaultPack } from '../../biometrics/support/engine.ts';
import { fakeFaces } from '../support/fake-faces.ts';

const PATH = 'api/v1/models';
let server: RunningServer;
beforeAll(async () => {
  const faces = { ...fakeFaces(), pack: await defaultPack() };
  server = startServer(loadConfig({}, { port: 0 }), {
    faces,
    log: createLogger('error', () => {}),
  });
});
afterAll(() => server.stop());

async function ask(fields: Record<string, string>): Promise<ReturnType<typeof readArchive>> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = await fetch(new URL(PATH, server.url), { method: 'POST', body: form });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  return readArchive(new Uint8Array(await response.arrayBuffer()));
}

describe('POST /api/v1/models', () => {
  test('gives detector and mesh of the pack as they are', async () => {
    const { networks, contents } = await ask({ sdk: 'face-web' });
    expect(networks.map(({ task }) => task)).toEqual(['detector', 'mesh']);
    const pack = await defaultPack();
    for (const [i, { task }] of networks.entries()) {
      const { file } = pack.manifest.networks.find((network) => network.task === task)!;
      expect(Buffer.compare(contents[i], await pack.read(file))).toBe(0);
    }
  });

  test('gives the network for the eyes when it is asked for', async () => {
    expect((await ask({ part: 'eyes' })).networks.map(({ task }) => task)).toEqual(['iris']);
  });

  test('sends nothing again to a client that has it, and all to one that has something else', async () => {
    const { id } = await ask({});
    expect(await ask({ known: id })).toMatchObject({ id, unchanged: true, contents: [] });
    expect((await ask({ known: 'f'.repeat(32) })).contents.length).toBe(2);
    expect((await ask({ known: id, part: 'eyes' })).contents.length).toBe(1);
  });

  test('takes a request without a form, whatever it says it is', async () => {
    const url = new URL(PATH, server.url);
    for (const type of [undefined, 'application/json', 'application/x-www-form-urlencoded']) {
      const headers = type === undefined ? [] : [['Content-Type', type]] as [string, string][];
      for (const body of [undefined, '{}']) {
        const response = await fetch(url, { method: 'POST', headers, ...(body && { body }) });
        const bytes = new Uint8Array(await response.arrayBuffer());
        expect([type, body, response.status, readArchive(bytes).contents.length])
          .toEqual([type, body, 200, 2]);
      }
    }
  });

  test('refuses a form that is none, a long body and other methods', async () => {
    const url = new URL(PATH, server.url);
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
    const broken = await fetch(url, { method: 'POST', headers, body: 'x' });
    expect([broken.status, (await broken.json()).code]).toEqual([400, 501]);
    const body = 'x'.repeat(10_000);
    const long = await (await fetch(url, { method: 'POST', body })).json();
    expect(long).toMatchObject({ code: 501, message: expect.stringContaining('8192 bytes') });
    const got = await fetch(url);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

test('a pack without the networks is an error of the models', async () => {
  const pack = await defaultPack();
  const networks = pack.manifest.networks.filter(({ task }) => task !== 'mesh');
  const lacking = { ...pack, manifest: { ...pack.manifest, networks } };
  const bare = startServer(loadConfig({}, { port: 0 }), {
    faces: { ...fakeFaces(), pack: lacking },
    log: createLogger('error', () => {}),
  });
  const response = await fetch(new URL(PATH, bare.url), { method: 'POST' });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    code: 500,
    feedbackCode: 'FEEDBACK_MATCHING_ERROR',
    message: 'Error getting models.',
    refid: expect.stringMatching(/^W-face-REQUEST-/),
  });
  await bare.stop();
});

test('without a pack the answer is that the server is not ready', async () => {
  const bare = startServer(loadConfig({}, { port: 0 }), {
    faces: fakeFaces(),
    log: createLogger('error', () => {}),
  });
  const response = await fetch(new URL(PATH, bare.url), { method: 'POST' });
  expect([response.status, (await response.json()).code]).toEqual([503, 500]);
  await bare.stop();
});

describe('an archive', () => {
  const index = { id: 'a', unchanged: false, networks: [] };

  test('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 4 }), (contents) => {
        const networks = contents.map(({ length }) => ({ bytes: length }) as never);
        const read = readArchive(writeArchive({ ...index, networks }, contents));
        expect(read.contents.map((bytes) => [...bytes])).toEqual(
          contents.map((bytes) => [...bytes]),
        );
      }),
    );
  });

  test('that is changed or cut off is read or refused with an Error', () => {
    const whole = writeArchive({ ...index, networks: [{ bytes: 3 } as never] }, [
      new Uint8Array(3),
    ]);
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const changed = whole.slice();
      changed[at] = value;
      for (const bytes of [changed, whole.slice(0, at), new Uint8Array([...whole, value])]) {
        try {
          expect(readArchive(bytes).contents.length).toBeLessThanOrEqual(1);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(String(error)).not.toContain('expect(');
        }
      }
    }));
  });
});
