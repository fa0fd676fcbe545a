/** Endpoints that take captures of the SDK, over real HTTP: `process`, `secure/face/as`, `verifyWithPictureId`. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFaceRecord } from '../../../biometrics/formats/mod.ts';
import { type CaptureKeys, openCaptureKeys } from '../../../server/identy/mod.ts';
import { sealCapture, type SealKey } from '../../../server/web/face-sdk/seal.ts';
import { base64, picture } from '../support/fake-faces.ts';
import { type Running, startFake } from '../support/running.ts';
import { describeCapture, writeCapture } from './support/captures.ts';

let folder: string, keys: CaptureKeys, running: Running;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-sealed-'));
  keys = await openCaptureKeys(folder);
  running = startFake({}, undefined, { captureKeys: keys });
});
afterAll(async () => {
  await running.server.stop();
  await rm(folder, { recursive: true });
});

async function publishedKey({ server }: Running): Promise<SealKey> {
  const response = await fetch(new URL('/api/v1/pub_key', server.url), {
    method: 'POST',
    body: new FormData(),
  });
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  return JSON.parse(new TextDecoder().decode(await response.arrayBuffer()));
}

async function sealed(says: string, changes: object = {}, atMs = Date.now()) {
  const payload = writeCapture(describeCapture(changes), [picture(says)]);
  return await sealCapture(payload, await publishedKey(running), atMs);
}

function post(
  path: string,
  blob: Uint8Array<ArrayBuffer>,
  fields: Record<string, string | Blob> = {},
  to = running,
): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob([blob]), 'bdata');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return fetch(new URL(path, to.server.url), { method: 'POST', body: form });
}

const PROCESS = '/api/v1/process';

/** What captures may show, and how every endpoint refuses it. */
const POOR_PICTURES: [string, number, string, string][] = [
  ['none', 503, 'ERROR_INVALID_IMAGE', 'Image has no face on it.'],
  ['broken', 503, 'ERROR_INVALID_IMAGE', 'An invalid image was used'],
  ['face 0 width=640 height=480', 901, 'ERROR_WRONG_RESOLUTION', "Passed image isn't 480x640"],
];

describe('what an SDK asks for first', () => {
  test('the time of the server, in milliseconds', async () => {
    const response = await fetch(new URL('/api/v1/time', running.server.url), { method: 'POST' });
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(Math.abs(Number(await response.text()) - Date.now())).toBeLessThan(5000);
  });

  test('the key to seal for, without its secret', async () => {
    const key = await publishedKey(running);
    expect(key as object).toEqual({
      version: 1,
      kid: keys.current.id,
      spki: keys.current.spki.toBase64(),
      alg: 'RSA-OAEP-256',
    });
  });

  test('leaves a line in the log, with what the headers ask for', async () => {
    for (const path of ['/api/v1/time', '/api/v1/pub_key', '/api/v1/models']) {
      const headers = { requestID: `first ${path}`, LogAPITrigger: 'true', 'X-DEBUG': 'anna' };
      await fetch(new URL(path, running.server.url), { method: 'POST', headers });
      expect(running.lines.at(-1)).toMatchObject({
        event: 'request',
        endpoint: path,
        request_id: `first${path}`,
        api_trigger: true,
      });
    }
    expect(running.text.join('')).not.toContain('anna');
  });

  test('neither is there by GET, nor on a server without keys', async () => {
    for (const path of ['/api/v1/time', '/api/v1/pub_key']) {
      const got = await fetch(new URL(path, running.server.url));
      expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    }
    const keyless = startFake();
    const answer = await fetch(new URL('/api/v1/pub_key', keyless.server.url), { method: 'POST' });
    expect(answer.status).toBe(404);
    await keyless.server.stop();
  });
});

describe('process', () => {
  test('answers a live capture with the fields of the specification', async () => {
    const jpeg = picture('face 0');
    const response = await post(PROCESS, await sealed('face 0'));
    expect(response.status).toBe(200);
    const body = await response.json();
    expect(Object.keys(body)).toEqual(['refid', 'code', 'message', 'upload_ts', 'data']);
    expect(body).toMatchObject({
      code: 200,
      message: 'FEEDBACK_CAPTURED',
      data: {
        bits_per_pixel: 8,
        capture_date: '2026-01-15T12:00:00.000 +0000',
        width: 480,
        channels: 3,
        height: 640,
        resolution: '480x640x3',
        as_highest_security_level_reached: 'BALANCED_VERY_HIGH',
        spoof_score: [0.95],
        quality: {
          eyes_status: 'OPEN',
          eyes_open_metric: 60,
          head_pose_check: true,
          quality_metric: 90,
          qc_passed: true,
        },
        templates: { JPEG: base64(jpeg) },
      },
    });
    expect(body.refid).toMatch(/^W-face-process-[0-9a-f-]{36}-\d{13}$/);
    expect(Math.abs(body.upload_ts)).toBeLessThan(5000);
  });

  test('gives the templates that were asked for', async () => {
    const templates = ['JPEG', 'ISO_19794_5', 'IDENTY_TYPE_1'];
    const { data } = await (await post(PROCESS, await sealed('face 0', { templates }))).json();
    expect(Object.keys(data.templates)).toEqual(templates);
    const record = readFaceRecord(Uint8Array.fromBase64(data.templates.ISO_19794_5));
    expect(record.representations[0].image).toEqual(picture('face 0'));
    expect(Uint8Array.fromBase64(data.templates.IDENTY_TYPE_1).subarray(0, 6).toHex())
      .toBe('4944454e5459');
  });

  test('writes templates in the Base64 that was asked for', async () => {
    const says = `face 0 1 0.95 0.9 xx${'~?>'.repeat(60)}x`;
    const written = async (base64?: string) => {
      const { data } = await (await post(PROCESS, await sealed(says, { base64 }))).json();
      return data.templates.JPEG;
    };
    const plain = picture(says).toBase64();
    expect(plain).toMatch(/^\/.*\+.*==?$/);
    expect(await written()).toBe(plain);
    expect(await written('NO_WRAP')).toBe(plain);
    expect(await written('NO_CLOSE')).toBe(plain);
    expect(await written('NO_PADDING')).toBe(plain.replaceAll('=', ''));
    expect(await written('URL_SAFE')).toBe(plain.replaceAll('+', '-').replaceAll('/', '_'));
    const lines = (await written('CRLF')).split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines.join('')).toBe(plain);
    expect(lines.slice(0, -1).every((line: string) => line.length === 76)).toBe(true);
  });

  test('dates a capture to the millisecond, whatever the client wrote', async () => {
    for (
      const [captured_at, date] of [
        ['2026-01-15T12:00:00Z', '2026-01-15T12:00:00.000 +0000'],
        ['2026-01-15T12:00:00.123456Z', '2026-01-15T12:00:00.123 +0000'],
      ]
    ) {
      const { data } = await (await post(PROCESS, await sealed('face 0', { captured_at }))).json();
      expect(data.capture_date).toBe(date);
    }
  });

  test('leaves quality out when told to', async () => {
    const response = await post(PROCESS, await sealed('face 0'), { enableQuality: 'false' });
    expect((await response.json()).data).not.toHaveProperty('quality');
  });

  test('adds ICAO checks and the portrait when the SDK wants them', async () => {
    const icao = { checks: true, background_removal: true, background_color: '#FFFFFF' };
    const body = await (await post(PROCESS, await sealed('face 0', { icao }))).json();
    expect(body.icao_data).toMatchObject({ nose_visibility: 93, is_compliant: true });
    expect(Object.keys(body.icao_data.templates)).toEqual(['JPEG']);
  });

  test('refuses a background that is no colour', async () => {
    const icao = { checks: true, background_removal: true, background_color: 'white' };
    const response = await post(PROCESS, await sealed('face 0', { icao }));
    expect(await response.json()).toMatchObject({ code: 501, feedbackCode: 'ERROR_INVALID_JSON' });
  });

  test('answers a spoof with the picture and whether its quality was good', async () => {
    for (
      const [says, quality, level, score] of [
        ['face 0 1 0.3 0.9', true, null, 0.3],
        ['face 0 1 0.85 0.2', false, 'BALANCED_HIGH', 0.85],
      ] as const
    ) {
      const response = await post(PROCESS, await sealed(says));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: 401,
        message: 'FEEDBACK_RETRY',
        data: {
          image: base64(picture(says)),
          as_highest_security_level_reached: level,
        },
        quality,
        debug: { spoof_score: [score] },
      });
    }
  });

  test('answers a camera that is a program with a code of its own', async () => {
    const camera = { ...describeCapture().camera, label: 'OBS Virtual Camera' };
    const response = await post(PROCESS, await sealed('face 0', { camera }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 408, message: 'FEEDBACK_RETRY_INSECURE' });
  });

  test('judges by the level that the integrator set, or not at all', async () => {
    const at = (threshold: string, enabled = true) => ({ anti_spoofing: { enabled, threshold } });
    const says = 'face 0 1 0.85';
    expect((await post(PROCESS, await sealed(says, at('BALANCED_HIGH')))).status).toBe(200);
    expect((await post(PROCESS, await sealed(says, at('BALANCED_VERY_HIGH')))).status).toBe(400);
    const off = await (await post(PROCESS, await sealed(says, at('HIGHEST', false)))).json();
    expect(off).toMatchObject({
      code: 200,
      data: { as_highest_security_level_reached: null, spoof_score: [] },
    });
  });

  test('refuses a capture the second time', async () => {
    const blob = await sealed('face 0');
    expect((await post(PROCESS, blob)).status).toBe(200);
    const again = await post(PROCESS, blob);
    expect(again.status).toBe(500);
    expect(await again.json()).toMatchObject({ code: 604, feedbackCode: 'ERROR_REQUEST_EXPIRED' });
    // the status is the specification's; it is no failure of the server
    expect(running.lines.at(-1)).toMatchObject({ level: 'info', code: 604 });
  });

  test('refuses a capture of three minutes ago', async () => {
    const response = await post(PROCESS, await sealed('face 0', {}, Date.now() - 180_000));
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 604 });
  });

  test('says the same of all that does not open', async () => {
    const blob = await sealed('face 0');
    const payload = new TextEncoder().encode('no capture, but well sealed') as Uint8Array<
      ArrayBuffer
    >;
    const cases = [
      blob.with(100, blob[100] ^ 1),
      blob.with(blob.length - 1, blob[blob.length - 1] ^ 1),
      blob.with(40, blob[40] ^ 1),
      blob.slice(0, 200),
      new Uint8Array(0),
      await sealCapture(payload, await publishedKey(running), Date.now()),
    ];
    const answers = new Set<string>();
    for (const bytes of cases) {
      const response = await post(PROCESS, bytes as Uint8Array<ArrayBuffer>);
      const { refid: _, ...body } = await response.json();
      answers.add(`${response.status} ${JSON.stringify(body)}`);
    }
    expect([...answers]).toEqual([
      '400 {"code":601,"feedbackCode":"ERROR_DECRYPTION_FAILED","message":"The capture could not be decrypted"}',
    ]);
  });

  test.each(POOR_PICTURES)(
    'refuses a capture that shows %s',
    async (says, code, feedbackCode, message) => {
      const response = await post(PROCESS, await sealed(says));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code, feedbackCode, message });
    },
  );

  test('takes the capture by the name in the table of parameters, too', async () => {
    const form = new FormData();
    form.set('File', new Blob([await sealed('face 0')]));
    const response = await fetch(new URL(PROCESS, running.server.url), {
      method: 'POST',
      body: form,
    });
    expect(response.status).toBe(200);
  });

  test('refuses a form without a file, and other content', async () => {
    const form = new FormData();
    form.set('enableQuality', 'true');
    const bare = await fetch(new URL(PROCESS, running.server.url), { method: 'POST', body: form });
    expect(await bare.json()).toMatchObject({
      code: 501,
      message: '(/file) is missing or of the wrong type',
    });
    expect(await (await running.post(PROCESS, {})).json()).toMatchObject({ code: 501 });
  });

  test('logs neither picture nor label', async () => {
    const camera = { ...describeCapture().camera, label: 'Camera of Anna Eriksson' };
    await post(PROCESS, await sealed('face 0.25', { camera }));
    const log = running.text.join('');
    expect(log).not.toContain('Eriksson');
    expect(log).not.toContain(base64(picture('face 0.25')));
    expect(running.lines.at(-1)).toMatchObject({ endpoint: PROCESS, outcome: 'FEEDBACK_CAPTURED' });
  });
});

test('templates are encrypted where the integrator configured a key', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const settings = { templateEncryption: true, templateEncryptionKey: pem };
  const secret = startFake(settings, undefined, { captureKeys: keys });
  const { data } = await (await post(PROCESS, await sealed('face 0'), {}, secret)).json();
  expect(data).not.toHaveProperty('templates');
  expect(Object.keys(data.encrypted_templates.JPEG)).toEqual(['data', 'key1', 'key2']);
  await secret.server.stop();
});

describe('secure/face/as', () => {
  const path = '/api/v1/secure/face/as';

  test('answers as face/as does, by the level in the capture', async () => {
    const says = 'face 0 1 0.85';
    const body = await (await post(path, await sealed(says))).json();
    expect(body).toMatchObject({
      as_highest_security_level_reached: 'BALANCED_HIGH',
      is_spoof: true,
      score: 0.85,
      error: 0,
      input: { image: base64(picture(says)) },
    });
  });

  test.each(POOR_PICTURES)('refuses a capture that shows %s', async (says, code, name, message) => {
    const response = await post(path, await sealed(says));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code, feedbackCode: name, message });
  });

  test('takes no picture from a camera that is a program', async () => {
    const camera = { ...describeCapture().camera, label: 'ManyCam Virtual Webcam' };
    const body = await (await post(path, await sealed('face 0', { camera }))).json();
    expect(body).toMatchObject({
      as_highest_security_level_reached: null,
      is_spoof: true,
      score: 0,
    });
  });
});

describe('verifyWithPictureId', () => {
  const path = '/api/v1/verifyWithPictureId';
  const fields = (says: string, changes = {}) => ({
    picID: base64(picture(says)),
    template: 'JPEG',
    level: 'HIGH',
    ...changes,
  });

  test('compares a live capture with the picture', async () => {
    const response = await post(path, await sealed('face 0'), fields('face 0'));
    const body = await response.json();
    expect(body).toMatchObject({
      code: 200,
      feedbackCode: 'FEEDBACK_MATCHED',
      possibleMatch: true,
    });
    expect(body).not.toHaveProperty('multipleFacesImageToVerifyAgainst');
    expect(body.refid).toMatch(/^W-face-VERIFY-/);
    const other = await post(path, await sealed('face 0'), fields('face 1.5'));
    expect(await other.json()).toMatchObject({ code: 200, possibleMatch: false });
  });

  test('takes the picture as a file, and a file of its Base64', async () => {
    const bytes = picture('face 0') as Uint8Array<ArrayBuffer>;
    for (const picID of [new Blob([bytes]), new Blob([base64(bytes)])]) {
      const response = await post(path, await sealed('face 0'), fields('face 0', { picID }));
      expect(await response.json()).toMatchObject({ code: 200, possibleMatch: true });
    }
  });

  test('answers a spoof as process does', async () => {
    const response = await post(path, await sealed('face 0 1 0.1'), fields('face 0'));
    expect(await response.json()).toMatchObject({ code: 401, message: 'FEEDBACK_RETRY' });
  });

  test.each([
    [{ level: 'EXTREME' }, 505, 'Match level is outside supported range'],
    [{ template: 'GIF' }, 504, 'Image format unsupported for operation.'],
    [{ picID: '!!' }, 504, '(/template) unable to decode template: not base64'],
    [{ picID: btoa('GIF89a....') }, 504, '(/template) Unsupported template'],
    [{ picID: base64(picture('none')) }, 503, '(/template) No face detected'],
    [
      { picID: base64(picture('broken')) },
      504,
      '(/template) unable to decode template: the picture is damaged or incomplete',
    ],
  ])('refuses %p with %d', async (changes, code, message) => {
    const response = await post(path, await sealed('face 0'), fields('face 0', changes));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code, message });
  });

  test('needs a capture that has templates', async () => {
    const response = await post(path, await sealed('face 0', { templates: [] }), fields('face 0'));
    expect(await response.json()).toMatchObject({
      code: 507,
      feedbackCode: 'NO_TEMPLATES_SPECIFIED',
    });
  });
});
