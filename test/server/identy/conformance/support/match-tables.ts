/** The tables of `matchWithSelfie` and `matchWithPictureId`. */
import { expect } from 'bun:test';
import type { MatchKind } from '../../../../../biometrics/match/rating.ts';
import { base64, picture } from '../../../support/fake-faces.ts';
import { logHeaders, methodPost, produces, takes } from './common-rows.ts';
import {
  type Compare,
  FORMATS,
  levelRows,
  matchAnswer,
  scaleRows,
  severalFaces,
} from './match-rows.ts';
import { mandatory, type Refusal, refusal } from './refusals.ts';
import type { Row, Send, Table } from './rows.ts';

const ACTION = 'MATCH121';
const JSON_TYPE = 'application/json';

interface Picture {
  readonly template?: string | undefined;
  readonly format?: string | undefined;
}
type Body = Readonly<Record<string, Picture | string | undefined>>;
type Side = 'image' | 'imageToVerifyAgainst';

const shows = (says: string): Picture => ({ template: base64(picture(says)), format: 'JPEG' });
const bytes = (text: string): Picture => ({ template: btoa(text), format: 'JPEG' });
const GOOD: Body = { image: shows('face 0'), imageToVerifyAgainst: shows('face 0'), level: 'HIGH' };

export function matchTable(endpoint: string, file: string, kind: MatchKind): Table {
  const post = (body: Body): Send => (site, headers) => site.post(endpoint, body, headers);
  const send = post(GOOD);
  const compare: Compare = (site, a, b, level) =>
    post({ image: shows(a), imageToVerifyAgainst: shows(b), level })(site);
  const sides: readonly Side[] = ['image', 'imageToVerifyAgainst'];
  return {
    endpoint,
    file,
    rows: {
      request: [
        methodPost(endpoint, send),
        takes(endpoint, JSON_TYPE, send),
        ...sides.flatMap((side) => sideRows(side, post)),
        mandatory(ACTION, 'level', post({ ...GOOD, level: undefined })),
        ...levelRows(kind, (site, level) => post({ ...GOOD, level })(site)),
      ],
      headers: logHeaders(endpoint, send),
      answer: [
        produces(JSON_TYPE, send),
        ...matchAnswer(ACTION, compare),
        ...scaleRows(kind),
        severalFaces('multipleFacesImage', compare, 'probe'),
        kind === 'selfie'
          ? severalFaces('multipleFacesImageToVerifyAgainst', compare, 'reference')
          : noSecondFlag(compare),
      ],
      errors: errors(endpoint, post),
    },
  };
}

function sideRows(side: Side, post: (body: Body) => Send): Row[] {
  const good = GOOD[side] as Picture;
  return [
    mandatory(ACTION, `${side}.template`, post({ ...GOOD, [side]: { format: 'JPEG' } })),
    mandatory(ACTION, `${side}.format`, post({ ...GOOD, [side]: { template: good.template } })),
    ...FORMATS.map(([format, magic]) => ({
      row: `${side}.format ${format}`,
      shows: 'is taken',
      check: async (site: Parameters<Send>[0]) => {
        const sent = { template: btoa(`${magic}face 0`), format };
        expect((await post({ ...GOOD, [side]: sent })(site)).status).toBe(200);
      },
    })),
  ];
}

function noSecondFlag(compare: Compare): Row {
  return {
    row: 'multipleFacesImageToVerifyAgainst',
    shows: 'is not part of this answer',
    remark:
      'the table prints the row of multipleFacesImage twice instead; the example has one flag',
    check: async (site) => {
      expect(await (await compare(site, 'face 0', 'face 0 2', 'LOW')).json())
        .not.toHaveProperty('multipleFacesImageToVerifyAgainst');
    },
  };
}

function errors(endpoint: string, post: (body: Body) => Send): Row[] {
  const row = (refused: Refusal) => refusal(ACTION, refused);
  const ofSide = (side: Side) => {
    const wrong = (sent: Picture) => post({ ...GOOD, [side]: sent });
    return [
      row({
        name: 'ERROR_INVALID_IMAGE',
        quotes: `(/${side}/template) No face detected`,
        shows: 'a picture without a face',
        send: wrong(shows('none')),
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: `(/${side}/format) NIST 10 templates are not supported for matching`,
        shows: 'a NIST record, by its content and by its name',
        send: async (site) => {
          const named = await wrong({ ...shows('face 0'), format: 'NIST' })(site);
          expect(named.status).toBe(400);
          const { refid: _, ...byName } = await named.json();
          const response = await wrong(bytes('1.001:0000225\x1d1.002:0400\x1d'))(site);
          expect(await response.clone().json()).toMatchObject(byName);
          return response;
        },
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: `(/${side}/template) Unsupported template`,
        shows: 'a GIF',
        send: wrong(bytes('GIF89a....')),
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: `(/${side}/template) unable to decode template: EXCEPTION`,
        message: `(/${side}/template) unable to decode template: not base64`,
        shows: 'what is not Base64',
        remark: 'EXCEPTION stands for the reason',
        send: wrong({ template: '%%%%', format: 'JPEG' }),
      }),
      row({
        name: 'ERROR_INVALID_JSON',
        message: `(/${side}/format) The image format supplied is not among the supported formats`,
        shows: `${side}.format that is not supported`,
        send: wrong({ ...shows('face 0'), format: 'WEBP' }),
      }),
    ];
  };
  return [
    row({
      name: 'ERROR_INVALID_JSON',
      quotes: 'JSON EXCEPTION',
      shows: 'what is not JSON',
      send: (site) => site.post(endpoint, '{"image":'),
    }),
    ...ofSide('image'),
    ...ofSide('imageToVerifyAgainst'),
    row({
      name: 'ERROR_INVALID_IMAGE',
      quotes: 'An invalid image was used',
      shows: 'a picture of too many pixels',
      send: post({ ...GOOD, image: shows('large') }),
    }),
    row({
      name: 'ERROR_INVALID_MATCH_LEVEL',
      quotes: 'Match level is outside supported range',
      shows: 'a level that does not exist',
      send: post({ ...GOOD, level: 'EXTREME' }),
    }),
    row({
      name: 'FEEDBACK_MATCHING_ERROR',
      quotes: 'Error thrown in matching API',
      shows: 'a worker that ended in its job',
      remark:
        'table 9 has the name twice, with HTTP 400 and with HTTP 500; the client did nothing ' +
        'wrong, so 500',
      send: post({ ...GOOD, image: shows('crash') }),
    }),
    row({
      name: 'ERROR_SERVER_INTERNAL',
      quotes: 'Server Error',
      shows: 'a fault of the server',
      send: post({ ...GOOD, image: shows('bug') }),
    }),
  ];
}
