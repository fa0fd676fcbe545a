/** Rows of "Epoch time endpoint". */
import { expect } from 'bun:test';
import { acceptsForm, logHeaders, methodPost, produces } from './support/common-rows.ts';
import type { Send, Table } from './support/rows.ts';

const PATH = '/api/v1/time';
const send: Send = (site, headers) => site.postForm(PATH, {}, headers);

export const time: Table = {
  endpoint: PATH,
  file: 'time.ts',
  rows: {
    request: [methodPost(PATH, send), acceptsForm(PATH, send)],
    headers: logHeaders(PATH, send),
    answer: [
      produces('application/octet-stream', send),
      {
        row: 'the time of the server',
        shows: 'milliseconds since 1970 UTC in digits, between the request and its answer',
        check: async (site) => {
          const beforeMs = Date.now();
          const text = await (await send(site)).text();
          expect(text).toMatch(/^\d{13}$/);
          expect(Number(text)).toBeWithin(beforeMs, Date.now() + 1);
        },
      },
    ],
    errors: [],
  },
};
