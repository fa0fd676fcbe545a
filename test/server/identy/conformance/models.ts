/** Rows of "Models and public keys endpoint": the models. */
import { expect } from 'bun:test';
import { readArchive } from '../../../../server/web/face-sdk/archive.ts';
import { defaultPack } from '../../../biometrics/support/engine.ts';
import { acceptsForm, logHeaders, methodPost, produces } from './support/common-rows.ts';
import { isRefid, type Send, type Table } from './support/rows.ts';

const PATH = '/api/v1/models';
const send: Send = (site, headers) => site.postForm(PATH, {}, headers);

export const models: Table = {
  endpoint: PATH,
  file: 'models.ts',
  rows: {
    request: [methodPost(PATH, send), acceptsForm(PATH, send)],
    headers: logHeaders(PATH, send),
    answer: [
      produces('application/octet-stream', send),
      {
        row: 'the data needed to initialize the client with the client models',
        shows: 'the networks that guide a capture, in an archive of the Face SDK',
        remark: 'the format of the original is not public; this one is read by this Face SDK',
        check: async (site) => {
          const { networks, contents } = readArchive(await (await send(site)).bytes());
          expect(networks.map(({ task }) => task)).toEqual(['detector', 'mesh']);
          expect(contents.every(({ length }) => length > 0)).toBe(true);
        },
      },
    ],
    errors: [
      {
        row: '500 ERROR_SERVER_INTERNAL',
        shows: 'no networks are there yet: HTTP 503, so that clients try again',
        check: async (site) => {
          // the other server of the site has no pack
          const bare = await fetch(new URL(PATH, site.encrypting.server.url), { method: 'POST' });
          expect(bare.status).toBe(503);
          const answer = await bare.json();
          expect(answer).toMatchObject({ code: 500, feedbackCode: 'ERROR_SERVER_INTERNAL' });
          isRefid('REQUEST')(answer.refid);
        },
      },
      {
        row: '500 FEEDBACK_MATCHING_ERROR "Error getting models."',
        shows: 'the model pack lacks a network that guides captures: HTTP 400',
        check: async ({ encrypting }) => {
          const pack = await defaultPack();
          const networks = pack.manifest.networks.filter(({ task }) => task !== 'mesh');
          encrypting.faces.pack = { ...pack, manifest: { ...pack.manifest, networks } };
          try {
            const refused = await fetch(new URL(PATH, encrypting.server.url), { method: 'POST' });
            expect(refused.status).toBe(400);
            expect(await refused.json()).toMatchObject({
              code: 500,
              feedbackCode: 'FEEDBACK_MATCHING_ERROR',
              message: 'Error getting models.',
            });
          } finally {
            encrypting.faces.pack = undefined;
          }
        },
      },
    ],
  },
};
