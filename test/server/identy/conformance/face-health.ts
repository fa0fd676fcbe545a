/** Rows of `face_health`, which the documentation names in its installation guide. */
import { expect } from 'bun:test';
import type { Table } from './support/rows.ts';

const PATH = '/api/v1/face_health';

export const faceHealth: Table = {
  endpoint: PATH,
  file: 'face-health.ts',
  rows: {
    request: [{
      row: `${PATH}, Method: GET`,
      shows: 'answers GET, and other methods with 405',
      remark: 'the guide gives a URL to open and no method',
      check: async (site) => {
        expect((await site.fetch(PATH)).status).toBe(200);
        const post = await site.fetch(PATH, { method: 'POST' });
        expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      },
    }],
    headers: [],
    answer: [
      {
        row: 'OK response',
        shows: 'OK while pictures are taken',
        check: async (site) => {
          expect(await (await site.fetch(PATH)).text()).toBe('OK');
        },
      },
      {
        row: 'OK response',
        shows: 'not OK, HTTP 503, while the engine is not ready',
        check: async (site) => {
          const { faces } = site.running;
          faces.ready = false;
          const response = await site.fetch(PATH);
          faces.ready = true;
          expect([response.status, await response.text()]).toEqual([503, 'NOT READY']);
        },
      },
    ],
    errors: [],
  },
};
