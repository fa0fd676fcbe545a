/** Rows of "3rd Party Liveness endpoint". */
import { expect } from 'bun:test';
import { base64, picture } from '../../support/fake-faces.ts';
import { logHeaders, methodPost, produces, takes } from './support/common-rows.ts';
import { livenessAnswer, thresholdRows } from './support/liveness-rows.ts';
import { mandatory, type Refusal, refusal } from './support/refusals.ts';
import type { Row, Send, Table } from './support/rows.ts';

const PATH = '/api/v1/face/as';
const ACTION = 'antispoof';

const post = (says: string, threshold = 'LOW'): Send => (site, headers) =>
  site.postForm(PATH, { image: base64(picture(says)), threshold }, headers);
const send = post('face 0');

const row = (refused: Refusal): Row => refusal(ACTION, refused);

export const faceAs: Table = {
  endpoint: PATH,
  file: 'face-as.ts',
  rows: {
    request: [
      methodPost(PATH, send),
      takes(PATH, 'multipart/form-data', send),
      mandatory(ACTION, 'image', (site) => site.postForm(PATH, { threshold: 'LOW' })),
      mandatory(
        ACTION,
        'threshold',
        (site) => site.postForm(PATH, { image: base64(picture('face 0')) }),
      ),
      ...thresholdRows('threshold', async (site, level) => {
        const response = await post('face 0 1 0.95', level)(site);
        expect(response.status).toBe(200);
        return !(await response.json()).is_spoof;
      }),
      {
        row: 'image',
        shows: 'of any size',
        remark:
          'release notes of 710.620.131.420.3: "no longer enforces a fixed 640x480 resolution"',
        check: async (site) => {
          expect((await post('face 0 width=1000 height=700')(site)).status).toBe(200);
        },
      },
    ],
    headers: logHeaders(PATH, send),
    answer: [
      produces('application/json', send),
      ...livenessAnswer({
        picture,
        judge: (site, image, threshold) => site.postForm(PATH, { image: base64(image), threshold }),
      }),
    ],
    errors: [
      row({
        name: 'ERROR_INVALID_JSON',
        quotes: '(/threshold) AS level can not be NONE',
        shows: 'level NONE',
        send: post('face 0', 'NONE'),
      }),
      row({
        name: 'ERROR_INVALID_AS_LEVEL',
        quotes: 'AS level not supported',
        shows: 'a level that does not exist',
        send: post('face 0', 'EXTREME'),
      }),
      row({
        name: 'ERROR_INVALID_IMAGE',
        message: '(/image) No face detected',
        shows: 'a picture without a face',
        remark: 'in the words of generateTemplateFromImage, whose picture has the same name',
        send: post('none'),
      }),
      row({
        name: 'ERROR_INVALID_IMAGE',
        quotes: 'An invalid image was used',
        shows: 'a picture of too many pixels',
        send: post('large'),
      }),
      row({
        name: 'ERROR_INVALID_FORMAT',
        message: '(/image) Could not decode image',
        shows: 'a picture that is damaged',
        remark: 'in the words of generateTemplateFromImage, whose picture has the same name',
        send: post('broken'),
      }),
      row({
        name: 'ERROR_SERVER_INTERNAL',
        quotes: 'Server Error',
        shows: 'a fault of the server',
        send: post('bug'),
      }),
    ],
  },
};
