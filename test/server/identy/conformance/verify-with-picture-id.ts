/** Rows of "VerifyWithPictureId". */
import { expect } from 'bun:test';
import { base64, picture } from '../../support/fake-faces.ts';
import { logHeaders, methodPost, produces, takes } from './support/common-rows.ts';
import {
  type Compare,
  FORMATS,
  levelRows,
  matchAnswer,
  scaleRows,
  severalFaces,
} from './support/match-rows.ts';
import { retryAnswer } from './support/process-rows.ts';
import { mandatory, type Refusal, refusal } from './support/refusals.ts';
import type { Row, Send, Table } from './support/rows.ts';
import { captureFile, retryErrors, sealedErrors, type SendCapture } from './support/sealed-rows.ts';
import type { Fields, Site } from './support/site.ts';

const PATH = '/api/v1/verifyWithPictureId';
const ACTION = 'VERIFY';
const FORM = 'multipart/form-data';

const picID = (says: string) => base64(picture(says));
const GOOD: Fields = { picID: picID('face 0'), template: 'JPEG', level: 'HIGH' };

/** A good request with these fields changed or, where undefined, left out. */
function post(changes: Readonly<Record<string, string | undefined>> = {}): Send {
  return async (site, headers) => {
    const fields: Record<string, string | Blob> = { file: await site.seal(), ...GOOD };
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) delete fields[name];
      else fields[name] = value;
    }
    return site.postForm(PATH, fields, headers);
  };
}

const send = post();
const sendFile: SendCapture = (site, file) => site.postForm(PATH, { file, ...GOOD });
const compare: Compare = async (site, a, b, level) =>
  site.postForm(PATH, { ...GOOD, file: await site.seal({ shows: a }), picID: picID(b), level });

const row = (refused: Refusal): Row => refusal(ACTION, refused);

export const verifyWithPictureId: Table = {
  endpoint: PATH,
  file: 'verify-with-picture-id.ts',
  rows: {
    request: [
      methodPost(PATH, send),
      takes(
        PATH,
        FORM,
        send,
        'the page also says Accepts: application/json; its code example sends a form',
      ),
      captureFile(async (site, name) =>
        site.postForm(PATH, { [name]: await site.seal(), ...GOOD })
      ),
      mandatory(ACTION, 'file', (site) => site.postForm(PATH, GOOD)),
      ...['picID', 'template', 'level'].map((name) =>
        mandatory(ACTION, name, post({ [name]: undefined }))
      ),
      ...FORMATS.map(([template, magic]) => ({
        row: `template ${template}`,
        shows: 'is taken',
        check: async (site: Site) => {
          const sent = post({ template, picID: btoa(`${magic}face 0`) });
          expect((await sent(site)).status).toBe(200);
        },
      })),
      ...levelRows('picture-id', (site, level) => post({ level })(site)),
    ],
    headers: [
      ...logHeaders(PATH, send),
      {
        row: 'X-DEBUG',
        shows: 'is taken and leaves no trace',
        remark: 'in the code example alone',
        check: async (site) => {
          expect((await send(site, { 'X-DEBUG': 'erika.mustermann' })).status).toBe(200);
          expect(site.running.text.join('')).not.toContain('mustermann');
        },
      },
    ],
    answer: [
      produces('application/json', send),
      ...matchAnswer(ACTION, compare),
      ...scaleRows('picture-id'),
      severalFaces('multipleFacesImage', compare, 'probe'),
      ...retryAnswer(ACTION, sendFile),
    ],
    errors: [
      ...retryErrors(ACTION, sendFile),
      ...sealedErrors(ACTION, sendFile, 'the list of this endpoint says ERROR_INTERNAL_SERVER'),
      row({
        name: 'NO_TEMPLATES_SPECIFIED',
        quotes: 'No templates specified in face Blob to extract in verifyWithPicID',
        shows: 'a capture that asks for no template',
        send: async (site) => sendFile(site, await site.seal({ changes: { templates: [] } })),
      }),
      row({
        name: 'ERROR_INVALID_MATCH_LEVEL',
        quotes: 'Match level is outside supported range',
        shows: 'a level that does not exist',
        send: post({ level: 'EXTREME' }),
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: 'Image format unsupported for operation.',
        shows: 'a format of the picture ID that is not supported',
        send: post({ template: 'GIF' }),
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: '(/template) Unsupported template',
        shows: 'a picture ID that is a GIF',
        send: post({ picID: btoa('GIF89a....') }),
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        quotes: '(/template) unable to decode template: EXCEPTION',
        message: '(/template) unable to decode template: not base64',
        shows: 'a picture ID that is not Base64',
        remark: 'EXCEPTION stands for the reason',
        send: post({ picID: '%%%%' }),
      }),
      row({
        name: 'ERROR_INVALID_IMAGE',
        quotes: '(/template) No face detected',
        shows: 'a picture ID without a face',
        send: post({ picID: picID('none') }),
      }),
      row({
        name: 'ERROR_INVALID_IMAGE',
        quotes: 'An invalid image was used',
        shows: 'a picture ID of too many pixels',
        send: post({ picID: picID('large') }),
      }),
      row({
        name: 'FEEDBACK_MATCHING_ERROR',
        quotes: 'Error thrown in matching API',
        shows: 'a worker that ended in its job',
        remark: 'the list of this endpoint says 501, table 9 says 500',
        send: post({ picID: picID('crash') }),
      }),
    ],
  },
};
