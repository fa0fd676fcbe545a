/** Rows that table 9 has without an endpoint and that every endpoint for pictures produces. */
import { expect } from 'bun:test';
import { licensed } from '../../support/licences.ts';
import { startFake } from '../../support/running.ts';
import { isRefid, type Row, type Table } from './support/rows.ts';
import type { Site } from './support/site.ts';

/** Where table 9 names an error without an endpoint. */
export const ANY_ENDPOINT = 'any endpoint';

const DOMAIN = 'app.example.org';

/** Endpoints for pictures, and the action in their refids. */
const ACTIONS = {
  '/api/v1/matchWithSelfie': 'MATCH121',
  '/api/v1/matchWithPictureId': 'MATCH121',
  '/api/v1/process': 'process',
  '/api/v1/verifyWithPictureId': 'VERIFY',
  '/api/v1/secure/face/as': 'antispoof',
  '/api/v1/face/as': 'antispoof',
  '/api/v1/face/generateTemplateFromImage': 'GENERATE',
};

/** The refusal by each of them, on a server with a licence for one domain. */
function refusedBy(
  headers: Record<string, string>,
  http: number,
  answer: Record<string, unknown>,
): (site: Site) => Promise<void> {
  return async ({ keys: captureKeys }) => {
    const licensing = licensed({ domains: [DOMAIN] });
    const { server, post } = startFake({}, undefined, { captureKeys, licensing });
    try {
      for (const [path, action] of Object.entries(ACTIONS)) {
        const response = await post(path, {}, headers);
        const { refid, ...rest } = await response.json();
        expect([path, response.status, rest]).toEqual([path, http, answer]);
        isRefid(action)(refid);
        // from the licensed domain it gets as far as the missing parts of the request
        const admitted = await post(path, {}, { Referer: `https://${DOMAIN}/` });
        expect((await admitted.json()).message).not.toBe(answer.message);
      }
    } finally {
      await server.stop();
    }
  };
}

const errors: readonly Row[] = [
  {
    row: '501 ERROR_INVALID_JSON "Referer header not found"',
    shows: 'a request without Referer and Origin, where the licence is for domains',
    check: refusedBy({}, 400, {
      code: 501,
      feedbackCode: 'ERROR_INVALID_JSON',
      message: 'Referer header not found',
    }),
  },
  {
    row: '600 LICENSE_INVALID',
    shows: 'a request from a domain that is not licensed',
    remark: 'clients know the code, table 9 does not have it; HTTP status 403',
    check: refusedBy({ Referer: 'https://other.example/' }, 403, {
      code: 600,
      feedbackCode: 'LICENSE_INVALID',
      message: 'License invalid: the licence is not for this domain',
    }),
  },
];

export const anyEndpoint: Table = {
  endpoint: ANY_ENDPOINT,
  file: 'any-endpoint.ts',
  rows: { request: [], headers: [], answer: [], errors },
};
