/** Rows of "Models and public keys endpoint": the public key. */
import { expect } from 'bun:test';
import { acceptsForm, logHeaders, methodPost, produces } from './support/common-rows.ts';
import type { Send, Table } from './support/rows.ts';

const PATH = '/api/v1/pub_key';
const send: Send = (site, headers) => site.postForm(PATH, {}, headers);

export const pubKey: Table = {
  endpoint: PATH,
  file: 'pub-key.ts',
  rows: {
    request: [methodPost(PATH, send), acceptsForm(PATH, send)],
    headers: logHeaders(PATH, send),
    answer: [
      produces('application/octet-stream', send),
      {
        row: 'dedicated RSA keys of each deployment',
        shows: 'the public key of this installation; what is sealed for it opens',
        remark: 'the format of the original is not public; docs/envelope.md describes this one',
        check: async (site) => {
          const { kid, spki } = await (await send(site)).json();
          expect([kid, spki]).toEqual([site.keys.current.id, site.keys.current.spki.toBase64()]);
          const taken = await site.postForm('/api/v1/process', { file: await site.seal() });
          expect(taken.status).toBe(200);
        },
      },
    ],
    errors: [],
  },
};
