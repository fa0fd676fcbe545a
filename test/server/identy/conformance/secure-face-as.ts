/** Rows of "Secure Liveness endpoint". */
import { expect } from 'bun:test';
import { picture } from '../../support/fake-faces.ts';
import { logHeaders, methodPost, produces, takes } from './support/common-rows.ts';
import { livenessAnswer } from './support/liveness-rows.ts';
import { mandatory } from './support/refusals.ts';
import { realJpeg } from './support/real-jpeg.ts';
import type { Send, Table } from './support/rows.ts';
import { captureFile, sealedErrors, type SendCapture } from './support/sealed-rows.ts';

const PATH = '/api/v1/secure/face/as';
const ACTION = 'antispoof';

const sendFile: SendCapture = (site, file) => site.postForm(PATH, { file });
const send: Send = async (site, headers) =>
  site.postForm(PATH, { file: await site.seal() }, headers);

export const secureFaceAs: Table = {
  endpoint: PATH,
  file: 'secure-face-as.ts',
  rows: {
    request: [
      methodPost(PATH, send),
      takes(PATH, 'multipart/form-data', send),
      captureFile(async (site, name) => site.postForm(PATH, { [name]: await site.seal() })),
      mandatory(ACTION, 'file', (site) => site.postForm(PATH, { image: 'AA' })),
      {
        row: 'Accepts encrypted input only',
        shows: 'a picture in the clear is refused with 601',
        check: async (site) => {
          const response = await sendFile(site, new Blob([realJpeg('face 0')]));
          expect(await response.json()).toMatchObject({ code: 601 });
        },
      },
    ],
    headers: logHeaders(PATH, send),
    answer: [
      produces('application/json', send),
      ...livenessAnswer({
        picture,
        judge: async (site, shows, threshold) =>
          sendFile(
            site,
            await site.seal({ shows, changes: { anti_spoofing: { enabled: true, threshold } } }),
          ),
      }),
    ],
    errors: sealedErrors(ACTION, sendFile),
  },
};
