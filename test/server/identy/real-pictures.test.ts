/** The endpoints with the real networks of the default pack, on pictures of the test data. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { benchmarkSelfies, selfieBurst, selfieOf } from '../../../bench/selfies.ts';
import { readFaceRecord } from '../../../biometrics/formats/mod.ts';
import { FaceEngine } from '../../../server/core/face/engine.ts';
import { packPath } from '../../../server/core/model-pack.ts';
import { openCaptureKeys } from '../../../server/identy/mod.ts';
import { createLogger, loadConfig, type RunningServer, startServer } from '../../../server/mod.ts';
import { sealCapture, type SealKey } from '../../../server/web/face-sdk/seal.ts';
import { describeWithData } from '../../support/shared-data.ts';
import { describeCapture, writeCapture } from './support/captures.ts';

const TIMEOUT_MS = 30_000;

describeWithData('with the default pack', ['faces/lfw-view1/images/Abdullah_Gul'], () => {
  let server: RunningServer, key: SealKey, folder: string;
  let selfie: Uint8Array<ArrayBuffer>, other: Uint8Array<ArrayBuffer>;
  let stranger: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-real-'));
    const captureKeys = await openCaptureKeys(folder);
    key = { kid: captureKeys.current.id, spki: captureKeys.current.spki.toBase64() };
    const log = createLogger('error', () => {});
    const faces = new FaceEngine({ workers: 1, queueLimit: 8, log });
    server = startServer(loadConfig({}, { port: 0 }), { faces, log, captureKeys });
    await faces.start(await packPath(undefined, () => {}));
    [selfie, other] = await benchmarkSelfies();
    stranger = await selfieOf('AJ_Cook_0001');
  }, TIMEOUT_MS);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function postCapture(
    path: string,
    changes: object,
    fields: Record<string, string> = {},
    frames: readonly Uint8Array[] = [selfie],
  ) {
    const description = describeCapture({
      anti_spoofing: { enabled: true, threshold: 'LOW' },
      ...changes,
    });
    const form = new FormData();
    const blob = await sealCapture(writeCapture(description, frames), key, Date.now());
    form.set('file', new Blob([blob]), 'bdata');
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const response = await fetch(new URL(path, server.url), { method: 'POST', body: form });
    return await response.json();
  }

  test('process gives every template, quality and the portrait', async () => {
    const body = await postCapture('/api/v1/process', {
      templates: ['JPEG', 'PNG', 'ISO_19794_5', 'IDENTY_TYPE_1'],
      icao: { checks: true, background_removal: true, background_color: '#c0d0e0' },
    });
    expect(body).toMatchObject({ code: 200, message: 'FEEDBACK_CAPTURED' });
    const { templates, quality, spoof_score } = body.data;
    expect(Uint8Array.fromBase64(templates.JPEG)).toEqual(selfie);
    const png = await sharp(Buffer.from(templates.PNG, 'base64')).metadata();
    expect([png.format, png.width, png.height]).toEqual(['png', 480, 640]);
    const record = readFaceRecord(Uint8Array.fromBase64(templates.ISO_19794_5));
    expect(record.representations[0].image).toEqual(selfie);
    expect(spoof_score[0]).toBeGreaterThan(0);
    expect(quality.quality_metric).toBeGreaterThan(50);
    expect(body.icao_data.multiple_faces).toBe(false);
    const portrait = sharp(Buffer.from(body.icao_data.templates.PNG, 'base64'));
    const { data, info } = await portrait.raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([480, 640]);
    // the upper corner is background
    expect([...data.subarray(0, 3)]).toEqual([0xc0, 0xd0, 0xe0]);
  }, TIMEOUT_MS);

  test('a level that the pack does not support refuses everybody', async () => {
    const body = await postCapture('/api/v1/secure/face/as', {
      anti_spoofing: { enabled: true, threshold: 'HIGHEST' },
    });
    expect(body.is_spoof).toBe(true);
    expect(body.as_highest_security_level_reached).not.toBe('HIGHEST');
  }, TIMEOUT_MS);

  test('verifyWithPictureId knows the person again', async () => {
    const fields = { picID: other.toBase64(), template: 'JPEG', level: 'MEDIUM' };
    const body = await postCapture('/api/v1/verifyWithPictureId', {}, fields);
    expect(body).toMatchObject({
      code: 200,
      feedbackCode: 'FEEDBACK_MATCHED',
      possibleMatch: true,
    });
  }, TIMEOUT_MS);

  test.each(['process', 'secure/face/as'])(
    '%s takes a person who hardly moves, and neither another one nor a film that stands still',
    async (endpoint) => {
      const post = async (frames: readonly Uint8Array[]) => {
        const body = await postCapture(`/api/v1/${endpoint}`, {}, {}, frames);
        return body.message ?? (body.is_spoof ? 'SPOOF' : 'LIVE');
      };
      const [picture, ...before] = await selfieBurst(selfie, 4);
      const secure = endpoint !== 'process';
      // what the picture alone gets
      const alone = await post([picture]);
      expect(alone).toBe(secure ? 'LIVE' : 'FEEDBACK_CAPTURED');
      expect(await post([picture, ...before])).toBe(alone);
      expect(await post([stranger])).toBe(alone);
      expect(await post([stranger, ...before])).toBe(secure ? 'SPOOF' : 'FEEDBACK_RETRY');
      expect(await post(Array(5).fill(picture)))
        .toBe(secure ? 'SPOOF' : 'FEEDBACK_RETRY_INSECURE');
    },
    TIMEOUT_MS,
  );

  test('a frame that is cut short is answered as a picture that is', async () => {
    const [picture, first, ...others] = await selfieBurst(selfie, 4);
    const cut = (jpeg: Uint8Array) => jpeg.slice(0, jpeg.length >> 1);
    for (const frames of [[cut(picture), first], [picture, cut(first), ...others]]) {
      expect(await postCapture('/api/v1/process', {}, {}, frames)).toMatchObject({
        code: 503,
        feedbackCode: 'ERROR_INVALID_IMAGE',
      });
    }
  }, TIMEOUT_MS);

  test('a capture of another size than an SDK makes is refused', async () => {
    const small = await sharp(selfie).resize(240, 320).jpeg().toBuffer();
    const form = new FormData();
    const payload = writeCapture(describeCapture(), [new Uint8Array(small)]);
    form.set('file', new Blob([await sealCapture(payload, key, Date.now())]), 'bdata');
    const response = await fetch(new URL('/api/v1/process', server.url), {
      method: 'POST',
      body: form,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 901,
      feedbackCode: 'ERROR_WRONG_RESOLUTION',
    });
  }, TIMEOUT_MS);
});
