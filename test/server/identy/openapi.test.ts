/** What `/openapi.json` says of the endpoints, held against the answers that they give over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaptureKeys, openCaptureKeys } from '../../../server/identy/mod.ts';
import { homePages } from '../../../server/web/mod.ts';
import type { OpenApiDocument } from '../../../server/web/api-docs/document.ts';
import { sealCapture } from '../../../server/web/face-sdk/seal.ts';
import { base64, picture } from '../support/fake-faces.ts';
import { checker } from '../support/openapi.ts';
import { type Running, startFake } from '../support/running.ts';
import { describeCapture, writeCapture } from './support/captures.ts';

let folder: string, keys: CaptureKeys, running: Running, encrypting: Running;
let document: OpenApiDocument;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-openapi-'));
  keys = await openCaptureKeys(folder);
  running = startFake({}, homePages, { captureKeys: keys });
  const { publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const settings = { templateEncryption: true, templateEncryptionKey: publicKey };
  encrypting = startFake(settings, homePages, { captureKeys: keys });
  document = await (await fetch(new URL('/openapi.json', running.server.url))).json();
});
afterAll(async () => {
  await Promise.all([running.server.stop(), encrypting.server.stop()]);
  await rm(folder, { recursive: true });
});

/** Schema of an answer, by its path, status and media type. */
function schemaOf(path: string, response: Response, method = 'post') {
  const status = String(response.status);
  const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
  const answer = document.paths[path][method].responses[status];
  expect([path, status, Object.keys(answer?.content ?? {})]).toEqual([path, status, [mediaType]]);
  return answer.content[mediaType].schema;
}

/** @returns the answer, which fits the schema */
async function fitting(path: string, response: Response): Promise<Record<string, unknown>> {
  const body = await response.json();
  expect(checker(document).check(schemaOf(path, response), body)).toEqual([]);
  return body;
}

async function sealed(says: string, changes: object = {}, atMs = Date.now()) {
  const { id: kid, spki } = keys.current;
  const payload = writeCapture(describeCapture(changes), [picture(says)]);
  const key = { version: 1, kid, spki: spki.toBase64(), alg: 'RSA-OAEP-256' } as const;
  return await sealCapture(payload, key, atMs);
}

async function postForm(
  path: string,
  fields: Record<string, string | Uint8Array<ArrayBuffer>>,
  to = running,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.set(name, value);
    else form.set(name, new Blob([value]), name);
  }
  return await fetch(new URL(path, to.server.url), { method: 'POST', body: form });
}

const ICAO = { checks: true, background_removal: true, background_color: null };
const PICTURE = { template: base64(picture('face 0')), format: 'JPEG' };
const MATCH = { image: PICTURE, imageToVerifyAgainst: PICTURE, level: 'HIGH' };
const BROKEN = { ...PICTURE, template: base64(picture('broken')) };

describe('answers fit', () => {
  test.each(['/api/v1/matchWithSelfie', '/api/v1/matchWithPictureId'])('%s', async (path) => {
    await fitting(path, await running.post(path, MATCH));
    await fitting(path, await running.post(path, { ...MATCH, level: 'NONE' }));
    await fitting(path, await running.post(path, { ...MATCH, image: BROKEN }));
    const busy = { ...PICTURE, template: base64(picture('busy')) };
    expect((await fitting(path, await running.post(path, { ...MATCH, image: busy }))).code)
      .toBe(500);
    const bug = { ...PICTURE, template: base64(picture('bug')) };
    await fitting(path, await running.post(path, { ...MATCH, image: bug }));
  });

  test('process', async () => {
    const path = '/api/v1/process';
    const templates = ['JPEG', 'ISO_19794_5', 'IDENTY_TYPE_1'];
    await fitting(path, await postForm(path, { file: await sealed('face 0', { templates }) }));
    const whole = await sealed('face 0', { templates, icao: ICAO });
    expect(await fitting(path, await postForm(path, { file: whole }))).toHaveProperty('icao_data');
    const off = { anti_spoofing: { enabled: false, threshold: 'LOW' }, templates: [] };
    const plain = { file: await sealed('face 0', off), enableQuality: 'false' };
    await fitting(path, await postForm(path, plain));
    const secret = await sealed('face 0', { templates, icao: ICAO });
    const answer = await fitting(path, await postForm(path, { file: secret }, encrypting));
    expect(answer.data).toHaveProperty('encrypted_templates');
  });

  test('process, when the capture is not taken', async () => {
    const path = '/api/v1/process';
    const spoof = await postForm(path, { file: await sealed('face 0 1 0.3') });
    expect((await fitting(path, spoof)).code).toBe(401);
    const camera = { ...describeCapture().camera, label: 'OBS Virtual Camera' };
    const insecure = await postForm(path, { file: await sealed('face 0', { camera }) });
    expect((await fitting(path, insecure)).code).toBe(408);
    const old = await postForm(path, { file: await sealed('face 0', {}, Date.now() - 200_000) });
    expect((await fitting(path, old)).code).toBe(604);
    expect((await fitting(path, await postForm(path, {}))).code).toBe(501);
    expect((await fitting(path, await postForm(path, { file: 'no envelope' }))).code).toBe(601);
  });

  test('verifyWithPictureId', async () => {
    const path = '/api/v1/verifyWithPictureId';
    const fields = { picID: base64(picture('face 0')), template: 'JPEG', level: 'HIGH' };
    const file = () => sealed('face 0');
    await fitting(path, await postForm(path, { ...fields, file: await file() }));
    await fitting(path, await postForm(path, { ...fields, file: await sealed('face 0 1 0.3') }));
    const bare = await sealed('face 0', { templates: [] });
    expect((await fitting(path, await postForm(path, { ...fields, file: bare }))).code).toBe(507);
    const wrong = { ...fields, level: 'X', file: await file() };
    expect((await fitting(path, await postForm(path, wrong))).code).toBe(505);
  });

  test('secure/face/as and face/as', async () => {
    const secure = '/api/v1/secure/face/as', open = '/api/v1/face/as';
    await fitting(secure, await postForm(secure, { file: await sealed('face 0') }));
    await fitting(secure, await postForm(secure, { file: await sealed('none') }));
    const image = base64(picture('face 0'));
    await fitting(open, await postForm(open, { image, threshold: 'LOW' }));
    await fitting(open, await running.post(open, { image, threshold: 'HIGHEST' }));
    await fitting(open, await running.post(open, { image, threshold: 'EXTREME' }));
  });

  test('face/generateTemplateFromImage', async () => {
    const path = '/api/v1/face/generateTemplateFromImage';
    const ask = (says: string, qualityMode?: string) =>
      running.post(path, { image: base64(picture(says)), qualityMode });
    await fitting(path, await ask('face 0'));
    expect((await fitting(path, await ask('face 0 2'))).code).toBe(509);
    expect((await fitting(path, await ask('face 0 1 0.9 0.1', 'VERIFY'))).code).toBe(510);
  });

  test('models, without a pack and badly asked', async () => {
    const path = '/api/v1/models';
    await fitting(path, await postForm(path, {}));
    await fitting(path, await running.post(path, {}));
  });

  test('pub_key, time and face_health', async () => {
    const { check } = checker(document);
    const key = await running.post('/api/v1/pub_key', {});
    expect(check(schemaOf('/api/v1/pub_key', key), await key.json())).toEqual([]);
    const time = await running.post('/api/v1/time', {});
    expect(check(schemaOf('/api/v1/time', time), await time.text())).toEqual([]);
    const health = await fetch(new URL('/api/v1/face_health', running.server.url));
    const schema = schemaOf('/api/v1/face_health', health, 'get');
    expect(check(schema, await health.text())).toEqual([]);
  });
});

test('an answer that lacks a field, or has one more, does not fit', async () => {
  const path = '/api/v1/matchWithSelfie';
  const response = await running.post(path, MATCH);
  const schema = schemaOf(path, response);
  const { score: _, ...rest } = await response.json();
  const { check } = checker(document);
  expect(check(schema, rest).join()).toContain('score');
  expect(check(schema, { ...rest, score: 0, extra: 1 }).join()).toContain('extra');
  expect(check(schema, { ...rest, score: '0' }).join()).toContain('/score');
});

test('every endpoint of the specification is described', () => {
  expect(Object.keys(document.paths).filter((path) => path.startsWith('/api/v1/')).sort()).toEqual([
    '/api/v1/face/as',
    '/api/v1/face/generateTemplateFromImage',
    '/api/v1/face_health',
    '/api/v1/matchWithPictureId',
    '/api/v1/matchWithSelfie',
    '/api/v1/models',
    '/api/v1/process',
    '/api/v1/pub_key',
    '/api/v1/secure/face/as',
    '/api/v1/time',
    '/api/v1/verifyWithPictureId',
  ]);
});
