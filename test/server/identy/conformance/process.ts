/** Rows of "Process endpoint", with "Encrypting Generated Templates". */
import { expect } from 'bun:test';
import { logHeaders, methodPost, produces, takes } from './support/common-rows.ts';
import { thresholdRows } from './support/liveness-rows.ts';
import { processAnswer, retryAnswer } from './support/process-rows.ts';
import { mandatory } from './support/refusals.ts';
import type { Row, Send, Table } from './support/rows.ts';
import { captureFile, retryErrors, sealedErrors, type SendCapture } from './support/sealed-rows.ts';
import { encryptedRows } from './support/template-rows.ts';

const PATH = '/api/v1/process';
const ACTION = 'process';
const FORM = 'multipart/form-data';

const sendFile: SendCapture = (site, file) => site.postForm(PATH, { file });
const send: Send = async (site, headers) =>
  site.postForm(PATH, { file: await site.seal() }, headers);

function enableQuality(shows: string, fields: Record<string, string>, given: boolean): Row {
  return {
    row: 'enableQuality',
    shows,
    check: async (site) => {
      const response = await site.postForm(PATH, { file: await site.seal(), ...fields });
      expect('quality' in (await response.json()).data).toBe(given);
    },
  };
}

export const processTable: Table = {
  endpoint: PATH,
  file: 'process.ts',
  rows: {
    request: [
      methodPost(PATH, send),
      takes(PATH, FORM, send),
      captureFile(async (site, name) => site.postForm(PATH, { [name]: await site.seal() })),
      mandatory(ACTION, 'file', (site) => site.postForm(PATH, { enableQuality: 'true' })),
      enableQuality('true: the answer has data.quality', { enableQuality: 'true' }, true),
      enableQuality('false: the answer has none', { enableQuality: 'false' }, false),
      enableQuality('true when it is not given', {}, true),
      ...thresholdRows('asThreshold', async (site, threshold) => {
        const changes = { anti_spoofing: { enabled: true, threshold } };
        const { code } = await (await sendFile(site, await site.seal({ changes }))).json();
        expect([200, 401]).toContain(code);
        return code === 200;
      }, 'part of the capture, not of the form'),
    ],
    headers: logHeaders(PATH, send),
    answer: [
      produces('application/json', send),
      ...processAnswer(PATH),
      ...encryptedRows(PATH),
      ...retryAnswer(ACTION, sendFile),
    ],
    errors: [...retryErrors(ACTION, sendFile), ...sealedErrors(ACTION, sendFile)],
  },
};
