/** The match endpoints over real HTTP: IDENTY Web Server 6, "Match endpoints" and table 9. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { base64, picture } from '../support/fake-faces.ts';
import { type Running, startFake } from '../support/running.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const PICTURE_ID = '/api/v1/matchWithPictureId';

let running: Running;
beforeAll(() => {
  running = startFake();
});
afterAll(() => running.server.stop());

function image(says: string, format = 'JPEG'): { template: string; format: string } {
  return { template: base64(picture(says)), format };
}

function matchBody(a: string, b: string, level = 'HIGH'): Record<string, unknown> {
  return { image: image(a), imageToVerifyAgainst: image(b), level };
}

describe('a match', () => {
  test('answers with the fields of the specification in its order', async () => {
    const response = await running.post(SELFIE, matchBody('face 0', 'face 0 2'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const body = await response.json();
    expect(Object.keys(body)).toEqual([
      'code',
      'feedbackCode',
      'refid',
      'score',
      'similarityScore',
      'possibleMatch',
      'multipleFacesImage',
      'multipleFacesImageToVerifyAgainst',
      'matchHighestSecurityLevelReached',
    ]);
    expect(body).toMatchObject({
      code: 200,
      feedbackCode: 'FEEDBACK_MATCHED',
      score: 0,
      similarityScore: 99,
      possibleMatch: true,
      multipleFacesImage: false,
      multipleFacesImageToVerifyAgainst: true,
      matchHighestSecurityLevelReached: 'HIGHEST',
    });
  });

  test('has the refid of the specification: W-face-MATCH121-uuid-epoch milliseconds', async () => {
    const { refid } = await (await running.post(SELFIE, matchBody('face 0', 'face 0'))).json();
    expect(refid).toMatch(
      /^W-face-MATCH121-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-\d{13}$/,
    );
    expect(Math.abs(Date.now() - Number(refid.slice(-13)))).toBeLessThan(60_000);
  });

  test('with a picture ID has no flag for several faces on the document', async () => {
    const body = await (await running.post(PICTURE_ID, matchBody('face 0 2', 'face 0 2'))).json();
    expect(body.multipleFacesImage).toBe(true);
    expect(body).not.toHaveProperty('multipleFacesImageToVerifyAgainst');
  });

  test('reports the level reached whatever level was asked for', async () => {
    for (
      const [level, possibleMatch] of [
        ['LOW', true],
        ['MEDIUM', true],
        ['HIGH', false],
        ['VERY_HIGH', false],
        ['HIGHEST', false],
      ] as const
    ) {
      const response = await running.post(SELFIE, matchBody('face 0', 'face 0.8', level));
      const body = await response.json();
      expect(body).toMatchObject({
        possibleMatch,
        matchHighestSecurityLevelReached: 'MEDIUM',
      });
      expect(body.score).toBeCloseTo(1 - Math.cos(0.8), 5);
    }
  });

  test('of two different faces reaches no level', async () => {
    const body = await (await running.post(SELFIE, matchBody('face 0', 'face 3', 'LOW'))).json();
    expect(body).toMatchObject({
      possibleMatch: false,
      similarityScore: 0,
      matchHighestSecurityLevelReached: 'NONE',
    });
  });

  test('ignores members it does not know and takes the last of duplicate keys', async () => {
    const known = JSON.stringify(matchBody('face 0', 'face 0')).slice(1);
    const response = await running.post(
      SELFIE,
      `{"level":"NONSENSE","__proto__":{"level":1},"x":[1,{}],${known}`,
    );
    expect(response.status).toBe(200);
  });

  test('takes every way clients write base64', async () => {
    const plain = base64(picture('face 0 ??>>'));
    const url = plain.replaceAll('+', '-').replaceAll('/', '_');
    expect(url).not.toBe(plain);
    for (
      const template of [
        plain,
        url,
        plain.replace(/=+$/, ''),
        plain.replace(/.{4}/g, '$&\r\n '),
        `data:image/jpeg;base64,${plain}`,
        `data:image/png;base64,${plain}`,
        `data:image/jpeg;charset=utf-8;base64,${plain}`,
        `data:image/jpeg;name=photo%201.jpg;base64,${plain}`,
        `data:;base64,${plain}`,
      ]
    ) {
      const response = await running.post(SELFIE, {
        ...matchBody('face 0', 'face 0'),
        image: { template, format: 'JPEG' },
      });
      expect(response.status).toBe(200);
    }
  });

  test('lets the content decide when the label is another supported format', async () => {
    const response = await running.post(SELFIE, {
      ...matchBody('face 0', 'face 0'),
      image: image('face 0', 'PNG'),
    });
    expect(response.status).toBe(200);
  });

  test('needs no content type', async () => {
    const body = JSON.stringify(matchBody('face 0', 'face 0'));
    const answer = await running.raw([
      `POST ${SELFIE} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ]);
    expect(answer).toStartWith('HTTP/1.1 200 ');
  });
});

describe('table 9', () => {
  const good = matchBody('face 0', 'face 0');
  const bytes = (...values: number[]) => ({
    template: base64(new Uint8Array(values)),
    format: 'JPEG',
  });
  const text = (content: string) => ({
    template: base64(new TextEncoder().encode(content)),
    format: 'JPEG',
  });
  const rows: [string, unknown, number, number, string, string][] = [
    ['no JSON', '{"image":', 400, 501, 'ERROR_INVALID_JSON', 'JSON EXCEPTION'],
    ['an empty body', '', 400, 501, 'ERROR_INVALID_JSON', 'JSON EXCEPTION'],
    [
      'a member missing',
      { ...good, image: undefined },
      400,
      501,
      'ERROR_INVALID_JSON',
      'The input JSON does not adhere to the schema specifications: (/image) is missing or of the wrong type',
    ],
    [
      'a template that is no string',
      { ...good, imageToVerifyAgainst: { template: 7, format: 'PNG' } },
      400,
      501,
      'ERROR_INVALID_JSON',
      'The input JSON does not adhere to the schema specifications: (/imageToVerifyAgainst/template) is missing or of the wrong type',
    ],
    [
      'a level that is no string',
      { ...good, level: 3 },
      400,
      501,
      'ERROR_INVALID_JSON',
      'The input JSON does not adhere to the schema specifications: (/level) is missing or of the wrong type',
    ],
    [
      'a list instead of an object',
      [good],
      400,
      501,
      'ERROR_INVALID_JSON',
      'The input JSON does not adhere to the schema specifications: (/) is missing or of the wrong type',
    ],
    [
      'an unknown format',
      { ...good, image: image('face 0', 'WEBP') },
      400,
      501,
      'ERROR_INVALID_JSON',
      '(/image/format) The image format supplied is not among the supported formats',
    ],
    [
      'a format with a NUL',
      { ...good, image: image('face 0', 'JPEG\0') },
      400,
      501,
      'ERROR_INVALID_JSON',
      '(/image/format) The image format supplied is not among the supported formats',
    ],
    [
      'an unknown level',
      { ...good, level: 'high' },
      400,
      505,
      'ERROR_INVALID_MATCH_LEVEL',
      'Match level is outside supported range',
    ],
    [
      'level NONE',
      { ...good, level: 'NONE' },
      400,
      505,
      'ERROR_INVALID_MATCH_LEVEL',
      'Match level is outside supported range',
    ],
    ...(['NIST', 'ANSI_NIST_ITL', 'AN2K', 'TYPE_10'].map((format) =>
      [
        `format ${format}`,
        { ...good, image: image('face 0', format) },
        400,
        504,
        'ERROR_INVALID_FORMAT',
        '(/image/format) NIST 10 templates are not supported for matching',
      ] as [string, unknown, number, number, string, string]
    )),
    [
      'a NIST record that calls itself JPEG',
      { ...good, imageToVerifyAgainst: text('1.001:0000225\x1d1.002:0400\x1d') },
      400,
      504,
      'ERROR_INVALID_FORMAT',
      '(/imageToVerifyAgainst/format) NIST 10 templates are not supported for matching',
    ],
    ...([
      ['no bytes', text('')],
      ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
      ['GIF', text('GIF89a....')],
      ['WebP', text('RIFF\x01\x00\x00\x00WEBPVP8 ')],
      ['HEIF', text('\0\0\0\x18ftypheic\0\0\0\0')],
      ['bare JPEG 2000', bytes(0xff, 0x4f, 0xff, 0x51, 0)],
      ['noise', bytes(1, 2, 3, 4, 5, 6, 7, 8)],
      ['a picture too small for any face', image('tiny')],
    ] as const).map(([name, wrong]) =>
      [
        name,
        { ...good, image: wrong },
        400,
        504,
        'ERROR_INVALID_FORMAT',
        '(/image/template) Unsupported template',
      ] as [string, unknown, number, number, string, string]
    ),
    [
      'an unsupported reference',
      { ...good, imageToVerifyAgainst: text('%PDF-1.7') },
      400,
      504,
      'ERROR_INVALID_FORMAT',
      '(/imageToVerifyAgainst/template) Unsupported template',
    ],
    ...(['%%%%', 'ab\0d', '/9j/4AAQSk+-_A', 'A', 'äöü=', 'data:image/png;base64', 'QQ==QQ==']
      .map((template) =>
        [
          `base64 ${JSON.stringify(template)}`,
          { ...good, image: { template, format: 'JPEG' } },
          400,
          504,
          'ERROR_INVALID_FORMAT',
          '(/image/template) unable to decode template: not base64',
        ] as [string, unknown, number, number, string, string]
      )),
    [
      'a truncated picture',
      matchBody('face 0', 'broken'),
      400,
      504,
      'ERROR_INVALID_FORMAT',
      '(/imageToVerifyAgainst/template) unable to decode template: the picture is damaged or incomplete',
    ],
    [
      'a picture with too many pixels',
      matchBody('large', 'face 0'),
      400,
      503,
      'ERROR_INVALID_IMAGE',
      'An invalid image was used',
    ],
    [
      'no face',
      matchBody('none', 'face 0'),
      400,
      503,
      'ERROR_INVALID_IMAGE',
      '(/image/template) No face detected',
    ],
    [
      'no face on the reference',
      matchBody('face 0', 'none'),
      400,
      503,
      'ERROR_INVALID_IMAGE',
      '(/imageToVerifyAgainst/template) No face detected',
    ],
    [
      'two bad pictures: the first is reported',
      matchBody('none', 'broken'),
      400,
      503,
      'ERROR_INVALID_IMAGE',
      '(/image/template) No face detected',
    ],
    [
      'a worker that died',
      matchBody('face 0', 'crash'),
      500,
      500,
      'FEEDBACK_MATCHING_ERROR',
      'Error thrown in matching API',
    ],
    [
      'a fault of the server',
      matchBody('face 0', 'bug'),
      500,
      500,
      'ERROR_SERVER_INTERNAL',
      'Server Error',
    ],
    [
      'a full queue',
      matchBody('face 0', 'busy'),
      503,
      500,
      'ERROR_SERVER_INTERNAL',
      'Server busy',
    ],
  ];

  for (const path of [SELFIE, PICTURE_ID]) {
    for (const [name, body, http, code, feedbackCode, message] of rows) {
      test(`${path}: ${name} -> ${code} ${feedbackCode}`, async () => {
        const response = await running.post(path, body as BodyInit);
        const answer = await response.json();
        expect(answer).toEqual({ code, feedbackCode, message, refid: expect.any(String) });
        expect(response.status).toBe(http);
        expect(response.headers.get('retry-after')).toBe(http === 503 ? '1' : null);
      });
    }
  }

  test('another content type is refused', async () => {
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml']) {
      const response = await running.post(SELFIE, good, { 'Content-Type': type });
      expect(response.status).toBe(400);
      expect((await response.json()).code).toBe(501);
    }
    const charset = { 'Content-Type': 'Application/JSON; charset=utf-8' };
    expect((await running.post(SELFIE, good, charset)).status).toBe(200);
  });

  test('another method is answered 405 with the methods allowed', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(new URL(SELFIE, running.server.url), { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(await response.json()).toMatchObject({
        code: 501,
        feedbackCode: 'ERROR_INVALID_JSON',
      });
    }
    const head = await fetch(new URL(SELFIE, running.server.url), { method: 'HEAD' });
    expect(head.status).toBe(405);
  });

  test('an unknown path is a typed 404', async () => {
    const api = await fetch(new URL('/api/v1/nothing', running.server.url));
    expect(api.status).toBe(404);
    expect(await api.json()).toMatchObject({ code: 501, feedbackCode: 'ERROR_INVALID_JSON' });
    const other = await fetch(new URL('/nothing', running.server.url));
    expect(other.status).toBe(404);
    expect(await other.json()).toEqual({ code: 404, message: 'Not found' });
  });
});

describe('health', () => {
  test('says OK, and 503 while the engine is not ready', async () => {
    const url = new URL('/api/v1/face_health', running.server.url);
    const ok = await fetch(url);
    expect([ok.status, ok.headers.get('content-type'), await ok.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'OK',
    ]);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    running.faces.ready = false;
    expect((await fetch(url)).status).toBe(503);
    const match = await running.post(SELFIE, matchBody('face 0', 'face 0'));
    expect(match.status).toBe(503);
    expect(await match.json()).toMatchObject({ code: 500, message: 'Server busy' });
    running.faces.ready = true;
    expect((await fetch(url)).status).toBe(200);
  });
});
