/**
 * What the documentation names and this server does not do, with the reason. Each has a check that it is
 * so: when one fails, its row belongs into the table of its endpoint.
 */
import { expect } from 'bun:test';
import { join } from 'node:path';
import { base64, picture } from '../../support/fake-faces.ts';
import { ANY_ENDPOINT } from './any-endpoint.ts';
import type { Kind, Row } from './support/rows.ts';
import type { Site } from './support/site.ts';

export interface NotProduced extends Pick<Row, 'row' | 'check'> {
  readonly endpoint: string;
  readonly kind: Kind;
  readonly reason: string;
}

const SERVER = join(import.meta.dir, '../../../../server');

/** The server's source does not have these words. */
function nowhere(words: RegExp): () => Promise<void> {
  return async () => {
    for await (const file of new Bun.Glob('{*.ts,{core,identy,web}/**/*.ts}').scan(SERVER)) {
      expect(`${file}: ${words.exec(await Bun.file(join(SERVER, file)).text())?.[0]}`)
        .toBe(`${file}: undefined`);
    }
  };
}

const OTHER_SIZE = { template: base64(picture('face 0 width=1000 height=700')), format: 'JPEG' };

function anySize(endpoint: string): NotProduced {
  return {
    endpoint,
    kind: 'errors',
    row: '901 ERROR_WRONG_RESOLUTION "Passed image isn\'t 480x640"',
    reason: 'pictures of any size are compared, [why](decisions/match-any-resolution.md)',
    check: async (site) => {
      const body = { image: OTHER_SIZE, imageToVerifyAgainst: OTHER_SIZE, level: 'LOW' };
      expect((await site.post(endpoint, body)).status).toBe(200);
    },
  };
}

/** A field of the answer of `process` to a live capture. */
async function processed(site: Site, name: string): Promise<unknown> {
  const icao = { checks: true, background_removal: false, background_color: null };
  const file = await site.seal({ changes: { icao } });
  const answer = await (await site.postForm('/api/v1/process', { file })).json();
  expect(answer.code).toBe(200);
  return name in answer ? answer[name] : answer.data[name];
}

export const NOT_PRODUCED: readonly NotProduced[] = [
  {
    endpoint: '/api/v1/process',
    kind: 'answer',
    row: 'data.aligned',
    reason: 'in the table alone: both examples leave it out, and nothing says what the crop is; ' +
      'cropped pictures are in icao_data.templates',
    check: async (site) => expect(await processed(site, 'aligned')).toBeUndefined(),
  },
  {
    endpoint: '/api/v1/process',
    kind: 'answer',
    row: 'debug',
    reason: 'in the example of a live capture alone, its content is cut off; the answer to a ' +
      'spoof has it',
    check: async (site) => expect(await processed(site, 'debug')).toBeUndefined(),
  },
  anySize('/api/v1/matchWithSelfie'),
  anySize('/api/v1/matchWithPictureId'),
  {
    endpoint: '/api/v1/verifyWithPictureId',
    kind: 'errors',
    row: '900 INVALID_IMAGE',
    reason: 'table 9 has no such row; invalid pictures are 503 ERROR_INVALID_IMAGE',
    check: nowhere(/\bINVALID_IMAGE\b/),
  },
  {
    endpoint: '/api/v1/face/generateTemplateFromImage',
    kind: 'errors',
    row: '504 ERROR_INVALID_FORMAT "(/format) NIST 10 templates are not supported for embeddings"',
    reason: 'its request has no format; what is no picture is "(/image) Could not decode image"',
    check: nowhere(/for embeddings/),
  },
  {
    endpoint: ANY_ENDPOINT,
    kind: 'errors',
    row: '404 ERROR_CLIENT_NOT_EXISTS',
    reason: 'of another product: there are no clients of digital identities here',
    check: nowhere(/ERROR_CLIENT_NOT_EXISTS/),
  },
];
