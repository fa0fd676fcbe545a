/** `face/as` and `face/generateTemplateFromImage` over real HTTP, by the specification's fields and codes. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { decodeTemplate } from '../../../biometrics/formats/mod.ts';
import { base64, picture } from '../support/fake-faces.ts';
import { type Running, startFake } from '../support/running.ts';

const ANTISPOOF = '/api/v1/face/as';
const GENERATE = '/api/v1/face/generateTemplateFromImage';

let running: Running;
beforeAll(() => {
  running = startFake();
});
afterAll(() => running.server.stop());

function antispoof(fields: Record<string, string | Blob>): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return fetch(new URL(ANTISPOOF, running.server.url), { method: 'POST', body: form });
}

const live = (score: number) => base64(picture(`face 0 1 ${score}`));

describe('face/as', () => {
  test('answers with the fields of the specification', async () => {
    const image = live(0.95);
    const response = await antispoof({ image, threshold: 'BALANCED_HIGH' });
    expect(response.status).toBe(200);
    const body = await response.json();
    expect(Object.keys(body)).toEqual([
      'as_highest_security_level_reached',
      'is_spoof',
      'score',
      'error',
      'refid',
      'input',
    ]);
    expect(body).toMatchObject({
      as_highest_security_level_reached: 'BALANCED_VERY_HIGH',
      is_spoof: false,
      score: 0.95,
      error: 0,
      input: { image },
    });
    expect(body.refid).toMatch(/^W-face-antispoof-[0-9a-f-]{36}-\d{13}$/);
  });

  test('takes the picture as text, as a file and in JSON', async () => {
    const bytes = picture('face 0 1 0.6') as Uint8Array<ArrayBuffer>;
    const answers = [
      await antispoof({ image: base64(bytes), threshold: 'LOW' }),
      await antispoof({ image: new Blob([bytes]), threshold: 'LOW' }),
      await antispoof({ image: new Blob([base64(bytes)]), threshold: 'LOW' }),
      // as Python's requests sends files={'image': ..., 'threshold': 'LOW'}
      await antispoof({ image: new Blob([base64(bytes)]), threshold: new Blob(['LOW']) }),
      await running.post(ANTISPOOF, { image: base64(bytes), threshold: 'LOW' }),
    ];
    for (const answer of answers) {
      expect(await answer.json()).toMatchObject({
        as_highest_security_level_reached: 'LOW',
        is_spoof: false,
        input: { image: base64(bytes) },
      });
    }
  });

  test.each(
    [
      [0.95, 'LOW', false, 'BALANCED_VERY_HIGH'],
      [0.95, 'BALANCED_VERY_HIGH', false, 'BALANCED_VERY_HIGH'],
      [0.85, 'BALANCED_VERY_HIGH', true, 'BALANCED_HIGH'],
      [0.3, 'LOW', true, null],
      // a level that the calibration does not support is never reached
      [0.999, 'HIGHEST', true, 'BALANCED_VERY_HIGH'],
      [0.999, 'VERY_HIGH', true, 'BALANCED_VERY_HIGH'],
    ] as const,
  )('a score of %d at %s: spoof %p, reached %p', async (score, threshold, spoof, reached) => {
    const body = await (await antispoof({ image: live(score), threshold })).json();
    expect(body).toMatchObject({ is_spoof: spoof, as_highest_security_level_reached: reached });
  });

  const refusals: [string, Record<string, string>, number, string, string][] = [
    [
      'no threshold',
      { image: live(1) },
      501,
      'ERROR_INVALID_JSON',
      '(/threshold) is missing or of the wrong type',
    ],
    [
      'level NONE',
      { image: live(1), threshold: 'NONE' },
      501,
      'ERROR_INVALID_JSON',
      '(/threshold) AS level can not be NONE',
    ],
    [
      'an unknown level',
      { image: live(1), threshold: 'EXTREME' },
      506,
      'ERROR_INVALID_AS_LEVEL',
      'AS level not supported',
    ],
    [
      'no image',
      { threshold: 'LOW' },
      501,
      'ERROR_INVALID_JSON',
      '(/image) is missing or of the wrong type',
    ],
    [
      'no base64',
      { image: '!!', threshold: 'LOW' },
      504,
      'ERROR_INVALID_FORMAT',
      '(/image) Could not decode image',
    ],
    [
      'a broken picture',
      { image: base64(picture('broken')), threshold: 'LOW' },
      504,
      'ERROR_INVALID_FORMAT',
      '(/image) Could not decode image',
    ],
    [
      'no face',
      { image: base64(picture('none')), threshold: 'LOW' },
      503,
      'ERROR_INVALID_IMAGE',
      '(/image) No face detected',
    ],
    [
      'a giant',
      { image: base64(picture('large')), threshold: 'LOW' },
      503,
      'ERROR_INVALID_IMAGE',
      'An invalid image was used',
    ],
  ];
  for (const [name, fields, code, feedbackCode, message] of refusals) {
    test(`refuses ${name}`, async () => {
      const response = await antispoof(fields);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code, feedbackCode, message });
    });
  }

  test('calls the death of a worker an error of the server: nothing was matched', async () => {
    const response = await antispoof({ image: base64(picture('crash')), threshold: 'LOW' });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: 500,
      feedbackCode: 'ERROR_SERVER_INTERNAL',
      message: 'Server Error',
    });
  });

  test('refuses other content, other methods and crowded forms', async () => {
    const text = await running.post(ANTISPOOF, 'image', { 'Content-Type': 'text/plain' });
    expect(await text.json()).toMatchObject({ code: 501 });
    const get = await fetch(new URL(ANTISPOOF, running.server.url));
    expect(get.status).toBe(405);
    const crowd = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`f${i}`, 'x']));
    expect(await (await antispoof(crowd)).json()).toMatchObject({
      code: 501,
      message: 'INVALID ARGUMENT EXCEPTION: form: too many parts',
    });
  });
});

describe('generateTemplateFromImage', () => {
  const generate = (says: string, qualityMode?: string) =>
    running.post(GENERATE, { image: base64(picture(says)), ...(qualityMode && { qualityMode }) });

  test('answers with a template and every ICAO check', async () => {
    const response = await generate('face 0', 'ENROL');
    expect(response.status).toBe(200);
    const body = await response.json();
    expect(body).toMatchObject({
      code: 200,
      feedbackCode: 'FEEDBACK_CAPTURED',
      data: { width: 480, height: 640, channels: 3, bits_per_pixel: 8 },
      icao_data: {
        multiple_faces: false,
        eyes_full_visibility: true,
        background_continuity: 50,
        illumination_uniformity: 51,
        over_exposure: 1,
        under_exposure: 2,
        nose_visibility: 93,
        mouth_visibility: 94,
        top_visibility: 95,
        bottom_visibility: 96,
        eyeL_visibility: 91,
        eyeR_visibility: 92,
        sideL_visibility: 97,
        sideR_visibility: 98,
        is_compliant: true,
      },
    });
    const template = Uint8Array.fromBase64(body.data.templates.IDENTY_TYPE_1);
    // "IDENTY", version 1.0: what clients look for
    expect(template.subarray(0, 8).toHex()).toBe('4944454e54590100');
    expect(decodeTemplate(template).modelId).toBe('0123456789abcdef');
    expect(body.refid).toMatch(/^W-face-GENERATE-[0-9a-f-]{36}-\d{13}$/);
  });

  test.each([
    ['face 0 2', 'ENROL', 509, 'ERROR_MULTIPLE_FACES', '(/image) Multiple faces detected'],
    ['face 0 1 1 0.2', 'ENROL', 510, 'ERROR_POOR_ICAO_QUALITY', 'Non-compliant quality'],
    ['face 0 1 1 0.2', 'VERIFY', 510, 'ERROR_POOR_ICAO_QUALITY', 'Non-compliant quality'],
    ['face 0 2', undefined, 509, 'ERROR_MULTIPLE_FACES', '(/image) Multiple faces detected'],
    ['none', 'DISABLED', 503, 'ERROR_INVALID_IMAGE', '(/image) No face detected'],
    ['broken', 'DISABLED', 504, 'ERROR_INVALID_FORMAT', '(/image) Could not decode image'],
  ])('%s in mode %s: %d %s', async (says, mode, code, feedbackCode, message) => {
    const response = await generate(says, mode);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code, feedbackCode, message });
  });

  test.each([['face 0 2', 'VERIFY'], ['face 0 2 1 0.1', 'DISABLED']])(
    '%s passes mode %s',
    async (says, mode) => {
      expect((await generate(says, mode)).status).toBe(200);
    },
  );

  test('refuses another shape by the name of the field', async () => {
    for (
      const [body, field] of [[{}, '/image'], [
        { image: 'AA', qualityMode: 'GOOD' },
        '/qualityMode',
      ]]
    ) {
      expect(await (await running.post(GENERATE, body as object)).json()).toMatchObject({
        code: 501,
        feedbackCode: 'ERROR_INVALID_JSON',
        message: expect.stringContaining(`(${field})`),
      });
    }
  });
});
