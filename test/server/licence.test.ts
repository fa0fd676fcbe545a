/** The licence over real HTTP: what each API family answers by it, and what the ledger has afterwards. */
import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowOf } from '../../server/core/ledger/ledger.ts';
import type { Licensing } from '../../server/core/licence/licensing.ts';
import { openCaptureKeys } from '../../server/identy/mod.ts';
import { loadConfig, startServer } from '../../server/mod.ts';
import { sealCapture } from '../../server/web/face-sdk/seal.ts';
import { describeCapture, writeCapture } from './identy/support/captures.ts';
import { all } from './support/chains.ts';
import { base64, fakeFaces, picture } from './support/fake-faces.ts';
import { licensed } from './support/licences.ts';
import { type Running, startFake } from './support/running.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-licence-'));
const captureKeys = await openCaptureKeys(folder);
afterAll(() => rmSync(folder, { recursive: true }));

let running: Running | undefined;
afterEach(() => running?.server.stop());

function start(licensing?: Licensing): Running {
  running = startFake({}, undefined, { captureKeys, ...(licensing && { licensing }) });
  return running;
}

const SELFIE = '/api/v1/matchWithSelfie';
const image = (says: string) => ({ template: base64(picture(says)), format: 'JPEG' });
const match = { image: image('face 0'), imageToVerifyAgainst: image('face 0'), level: 'HIGH' };
const antispoof = (says: string) => ({ image: base64(picture(says)), threshold: 'LOW' });
const generate = { image: base64(picture('face 0')), qualityMode: 'VERIFY' };

async function sealed({ server }: Running, fields: Record<string, string> = {}, says = 'face 0') {
  const answer = await fetch(new URL('/api/v1/pub_key', server.url), { method: 'POST' });
  const key = JSON.parse(new TextDecoder().decode(await answer.arrayBuffer()));
  const payload = writeCapture(describeCapture(), [picture(says)]);
  const form = new FormData();
  form.set('file', new Blob([await sealCapture(payload, key, Date.now())]), 'bdata');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const post = ({ server }: Running, path: string, form: FormData) =>
  fetch(new URL(path, server.url), { method: 'POST', body: form });
const picId = { picID: base64(picture('face 0')), template: 'JPEG', level: 'HIGH' };

const rows = async ({ records }: Licensing) => (await all(records.store.read('ledger'))).map(rowOf);

describe('without a licence', () => {
  test('every answer says evaluation: APIs, pages, errors, refused and opened sockets', async () => {
    const one = start();
    const { url } = one.server;
    for (
      const path of [
        '/api/v1/face_health',
        '/capabilities',
        '/docval/demo',
        '/nowhere',
        '/ws1/validate',
        '/',
      ]
    ) {
      const answer = await fetch(new URL(path, url));
      expect([path, answer.headers.get('gatehouse-licence')]).toEqual([path, 'evaluation']);
    }
    const answer = await one.post(SELFIE, match);
    expect([answer.status, answer.headers.get('gatehouse-licence')]).toEqual([200, 'evaluation']);
    const upgrade = await one.raw([
      'GET /ws1/validate HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    ], 300);
    expect(upgrade).toStartWith('HTTP/1.1 101 ');
    expect(upgrade.toLowerCase()).toContain('\r\ngatehouse-licence: evaluation\r\n');
  });

  test('the server does not listen beyond this machine', () => {
    const log = { debug() {}, info() {}, warn() {}, error() {}, enabled: () => false };
    for (const host of ['0.0.0.0', '::']) {
      const config = loadConfig({}, { host, port: 0, insecureHttp: true });
      const starting = () => startServer(config, { faces: fakeFaces(), log });
      expect(starting).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
      expect(starting).toThrow('SERVER_CONFIG_PATH');
    }
  });
});

test('with a licence nothing is said of it', async () => {
  const answer = await start(licensed()).post(SELFIE, match);
  expect([answer.status, answer.headers.has('gatehouse-licence')]).toEqual([200, false]);
});

describe('the domain rule of the IDENTY endpoints', () => {
  test('501 without Referer, 600 with a foreign one, an answer with a licensed one', async () => {
    const licensing = licensed({ domains: ['app.example.org'] });
    const one = start(licensing);
    const without = await one.post(SELFIE, match);
    expect(without.status).toBe(400);
    expect(await without.json()).toEqual({
      code: 501,
      feedbackCode: 'ERROR_INVALID_JSON',
      message: 'Referer header not found',
      refid: expect.stringMatching(/^W-face-MATCH121-/),
    });
    const foreign = await one.post(SELFIE, match, { Referer: 'https://other.example/' });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({
      code: 600,
      feedbackCode: 'LICENSE_INVALID',
      message: 'License invalid: the licence is not for this domain',
    });
    for (const name of ['Referer', 'Origin']) {
      const answer = await one.post(SELFIE, match, { [name]: 'https://app.example.org' });
      expect(answer.status).toBe(200);
    }
    expect(one.faces.seen).toHaveLength(4);
    expect(await rows(licensing)).toHaveLength(2);
  });

  test('is not for what an SDK asks for first, nor for health', async () => {
    const { server } = start(licensed({ domains: ['app.example.org'] }));
    for (const path of ['/api/v1/pub_key', '/api/v1/time']) {
      expect((await fetch(new URL(path, server.url), { method: 'POST' })).status).toBe(200);
    }
    expect((await fetch(new URL('/api/v1/face_health', server.url))).status).toBe(200);
  });
});

describe('features', () => {
  test.each(
    [
      ['face-match', [200, 600, 600, 600, 600, 600], 200],
      ['face-capture', [600, 200, 600, 600, 600, 600], 403],
      ['face-liveness', [600, 600, 600, 0, 0, 600], 403],
      ['face-templates', [600, 600, 600, 600, 600, 200], 403],
      ['docval', [600, 600, 600, 600, 600, 600], 403],
    ] as const,
  )('%s alone lets in what belongs to it', async (feature, codes, compare) => {
    const one = start(licensed({ features: [feature] }));
    const answers = [
      await one.post(SELFIE, match),
      await post(one, '/api/v1/process', await sealed(one)),
      await post(one, '/api/v1/verifyWithPictureId', await sealed(one, picId)),
      await post(one, '/api/v1/secure/face/as', await sealed(one)),
      await one.post('/api/v1/face/as', antispoof('face 0')),
      await one.post('/api/v1/face/generateTemplateFromImage', generate),
    ];
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    // the liveness endpoints answer with `error`
    expect(bodies.map(({ code, error }) => code ?? error)).toEqual([...codes]);
    const photos = new FormData();
    for (const side of ['a', 'b']) {
      photos.set(side, new Blob([picture('face 0') as Uint8Array<ArrayBuffer>]));
    }
    expect((await post(one, '/playground/compare', photos)).status).toBe(compare);
  });

  test('verifyWithPictureId needs two', async () => {
    const one = start(licensed({ features: ['face-capture', 'face-match'] }));
    const answer = await post(one, '/api/v1/verifyWithPictureId', await sealed(one, picId));
    expect(await answer.json()).toMatchObject({ code: 200, possibleMatch: true });
  });
});

describe('the ledger', () => {
  test('has one row for each answer, with its refid', async () => {
    const licensing = licensed();
    const one = start(licensing);
    const refids: string[] = [];
    for (
      const answer of [
        await one.post(SELFIE, match),
        await post(one, '/api/v1/process', await sealed(one)),
        await post(one, '/api/v1/verifyWithPictureId', await sealed(one, picId)),
        await post(one, '/api/v1/secure/face/as', await sealed(one)),
        await one.post('/api/v1/face/as', antispoof('face 0 1 0.1')),
        await one.post('/api/v1/face/generateTemplateFromImage', generate),
      ]
    ) refids.push((await answer.json()).refid);
    const billed = await rows(licensing);
    expect(billed.map((row) => row?.refid)).toEqual(refids);
    expect(billed.map((row) => row?.action)).toEqual([
      'MATCH121',
      'process',
      'VERIFY',
      'antispoof',
      'antispoof',
      'GENERATE',
    ]);
    expect(billed.at(-1)).toMatchObject({ used: 6, outcome: 'answer', standing: 'valid' });
  });

  test('has none for errors and for captures to be taken again', async () => {
    const licensing = licensed();
    const one = start(licensing);
    const answers = [
      await one.post(SELFIE, { ...match, image: image('none') }),
      await one.post(SELFIE, { ...match, level: 'EXTREME' }),
      await one.post(SELFIE, { ...match, image: image('bug') }),
      await post(one, '/api/v1/process', await sealed(one, {}, 'face 0 1 0.1')),
    ];
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, false, false]);
    expect(await rows(licensing)).toEqual([]);
    expect(licensing.standing.status).toBe('valid');
  });

  test('ends where the volume does, whatever comes at one time', async () => {
    const volume = { transactions: 5, per: 'licence', overage: 'refuse' } as const;
    const licensing = licensed({ volume });
    const one = start(licensing);
    const answers = await Promise.all(Array.from({ length: 12 }, () => one.post(SELFIE, match)));
    const codes = await Promise.all(answers.map(async (answer) => (await answer.json()).code));
    expect(codes.filter((code) => code === 200)).toHaveLength(5);
    expect(codes.filter((code) => code === 600)).toHaveLength(7);
    expect(await rows(licensing)).toHaveLength(5);
    const late = await one.post(SELFIE, match);
    expect(late.headers.get('gatehouse-licence')).toBe('volume-spent');
  });
});
