/** Rows of "GenerateTemplateFromImage". */
import { expect } from 'bun:test';
import { decodeTemplate } from '../../../../biometrics/formats/mod.ts';
import { base64, picture } from '../../support/fake-faces.ts';
import { logHeaders, methodPost, produces, takes } from './support/common-rows.ts';
import { icaoRows, MEASURES } from './support/icao-rows.ts';
import { mandatory, type Refusal, refusal } from './support/refusals.ts';
import { asked, equals, field, isRefid, type Row, type Send, type Table } from './support/rows.ts';
import type { Site } from './support/site.ts';

const PATH = '/api/v1/face/generateTemplateFromImage';
const ACTION = 'GENERATE';
const JSON_TYPE = 'application/json';
const GOOD = `face 0 1 1 0.9 width=736 height=1076 ${MEASURES}`;

/** Sends what the fake engine is told, in a mode; undefined leaves the mode out. */
const post = (says: string, qualityMode?: string): Send => (site, headers) =>
  site.post(PATH, {
    image: base64(picture(says)),
    ...(qualityMode !== undefined && { qualityMode }),
  }, headers);
const send = post(GOOD);
const answer = asked(send);

async function icaoOf(site: Site, measures: string): Promise<Record<string, unknown>> {
  return (await (await post(`${GOOD} ${measures}`, 'DISABLED')(site)).json()).icao_data;
}

const row = (refused: Refusal): Row => refusal(ACTION, refused);

/** A fault of the picture, and the modes that refuse it and take it. */
const FAULTS = [
  ['two faces', 'face 0 2', 509, ['ENROL']],
  ['a hidden nose', 'face 0 1 1 0.9 noseVisibility=40', 510, ['ENROL']],
  ['a hidden mouth', 'face 0 1 1 0.9 mouthVisibility=40', 510, ['ENROL']],
  ['a hidden eye', 'face 0 1 1 0.9 leftEyeVisibility=40', 510, ['ENROL']],
  ['closed eyes', 'face 0 1 1 0.9 eyesOpen=5', 510, ['ENROL']],
  ['dark glasses', 'face 0 1 1 0.9 darkGlasses=95', 510, ['ENROL']],
  ['glare on glasses', 'face 0 1 1 0.9 glassesGlare=30', 510, ['ENROL']],
  ['a head turned up', 'face 0 1 1 0.9 pitch=20', 510, ['ENROL']],
  ['a head turned left', 'face 0 1 1 0.9 yaw=40', 510, ['ENROL']],
  ['eyes 60 pixels apart', 'face 0 1 1 0.9 interEyeDistance=60', 510, ['ENROL']],
  ['eyes 20 pixels apart', 'face 0 1 1 0.9 interEyeDistance=20', 510, ['ENROL', 'VERIFY']],
  ['a quality score of 75', 'face 0 1 1 0.75', 510, ['ENROL']],
  ['a quality score of 50', 'face 0 1 1 0.5', 510, ['ENROL', 'VERIFY']],
] as const;

function modeRows(mode: string): Row[] {
  return FAULTS.map(([fault, says, code, refusing]) => {
    const refused = (refusing as readonly string[]).includes(mode);
    return {
      row: `qualityMode ${mode}`,
      shows: refused ? `refuses ${fault} with ${code}` : `takes ${fault}`,
      check: async (site) => {
        const { code: got } = await (await post(says, mode)(site)).json();
        expect(got).toBe(refused ? code : 200);
      },
    };
  });
}

/** The message of 510, in the mode that looks at everything. */
const poor = (quotes: string, shows: string, says: string): Row =>
  row({ name: 'ERROR_POOR_ICAO_QUALITY', quotes, shows, send: post(says, 'ENROL') });

export const generateTemplateFromImage: Table = {
  endpoint: PATH,
  file: 'generate-template-from-image.ts',
  rows: {
    request: [
      methodPost(PATH, send),
      takes(PATH, JSON_TYPE, send),
      mandatory(ACTION, 'image', (site) => site.post(PATH, { qualityMode: 'ENROL' })),
      ...['ENROL', 'VERIFY', 'DISABLED'].flatMap(modeRows),
      {
        row: 'qualityMode',
        shows: 'ENROL when it is not given',
        remark:
          'the row of the table is cut off; a client that says nothing gets the strictest mode',
        check: async (site) => {
          expect((await post('face 0 2')(site)).status).toBe(400);
        },
      },
    ],
    headers: logHeaders(PATH, send),
    answer: [
      produces(JSON_TYPE, send),
      field(answer, 'code', '200', equals(200)),
      field(
        answer,
        'feedbackCode',
        'FEEDBACK_CAPTURED',
        equals('FEEDBACK_CAPTURED'),
        'the documentation repeats the codes of errors here and names no success',
      ),
      field(answer, 'refid', 'transaction identifier, action GENERATE', isRefid(ACTION)),
      field(answer, 'data.height', 'integer, height of the picture', equals(1076)),
      field(answer, 'data.width', 'integer, width of the picture', equals(736)),
      field(answer, 'data.channels', '3', equals(3)),
      field(answer, 'data.bits_per_pixel', '8', equals(8)),
      field(
        answer,
        'data.templates.IDENTY_TYPE_1',
        'the template, which starts as in the example',
        (value) => {
          expect(value).toStartWith('SURFTlRZAQAB');
          expect(decodeTemplate(Uint8Array.fromBase64(String(value))).modelId)
            .toBe('0123456789abcdef');
        },
      ),
      ...icaoRows(answer, icaoOf),
    ],
    errors: [
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: '(/image) Could not decode image',
        shows: 'a picture that is damaged',
        send: post('broken'),
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: '(/image) Could not decode image',
        shows: 'what is not Base64',
        send: (site) => site.post(PATH, { image: '%%%%' }),
      }),
      row({
        name: 'ERROR_INVALID_IMAGE',
        quotes: '(/image) No face detected',
        shows: 'a picture without a face',
        send: post('none'),
      }),
      row({
        name: 'ERROR_INVALID_IMAGE',
        quotes: 'An invalid image was used',
        shows: 'a picture of too many pixels',
        send: post('large'),
      }),
      row({
        name: 'ERROR_MULTIPLE_FACES',
        quotes: '(/image) Multiple faces detected',
        shows: 'two faces',
        send: post('face 0 2', 'ENROL'),
      }),
      poor('non-compliant head pose', 'a turned head', 'face 0 1 1 0.9 yaw=40'),
      poor('Face partially occluded', 'a hidden nose', 'face 0 1 1 0.9 noseVisibility=40'),
      poor(
        'Inter ocular distance too small',
        'eyes 60 pixels apart',
        'face 0 1 1 0.9 interEyeDistance=60',
      ),
      poor('Non-compliant quality', 'a quality score of 50', 'face 0 1 1 0.5'),
      row({
        name: 'ERROR_INVALID_JSON',
        quotes: 'JSON EXCEPTION',
        shows: 'what is not JSON',
        send: (site) => site.post(PATH, '{"image":'),
      }),
      row({
        name: 'ERROR_INVALID_JSON',
        message: 'The input JSON does not adhere to the schema specifications: (/qualityMode) is ' +
          'missing or of the wrong type',
        shows: 'a mode that does not exist',
        send: post(GOOD, 'GOOD'),
      }),
      row({
        name: 'ERROR_SERVER_INTERNAL',
        quotes: 'Server Error',
        shows: 'a fault of the server',
        send: post('bug'),
      }),
      row({
        name: 'ERROR_SERVER_INTERNAL',
        quotes: 'Server Error',
        shows: 'a worker that ended in its job: nothing is matched here',
        send: post('crash'),
      }),
    ],
  },
};
