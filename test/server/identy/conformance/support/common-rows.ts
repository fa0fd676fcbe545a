/** Rows that every endpoint has: its method, its media types, the two headers for the log. */
import { expect } from 'bun:test';
import type { Row, Send } from './rows.ts';

const OTHERS = ['GET', 'PUT', 'DELETE'];

export function methodPost(path: string, send: Send): Row {
  return {
    row: `${path}, Method: POST`,
    shows: 'answers POST, and other methods with 405',
    check: async (site) => {
      expect((await send(site)).status).toBe(200);
      for (const method of OTHERS) {
        const response = await site.fetch(path, { method });
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
        expect(await response.json()).toMatchObject({
          code: 501,
          feedbackCode: 'ERROR_INVALID_JSON',
        });
      }
    },
  };
}

/** The row of the content type of requests: the one that the documentation names, and no other. */
export function takes(path: string, type: string, send: Send, remark?: string): Row {
  return {
    row: `Content-Type: ${type}`,
    shows: 'is taken; another one gets 501 "INVALID ARGUMENT EXCEPTION"',
    remark,
    check: async (site) => {
      expect((await send(site)).status).toBe(200);
      const response = await site.post(path, 'image', { 'Content-Type': 'text/plain' });
      expect(response.status).toBe(400);
      const { code, message } = await response.json();
      expect(code).toBe(501);
      expect(message).toStartWith('INVALID ARGUMENT EXCEPTION: Content-Type must be ');
      expect(message).toContain(type);
    },
  };
}

/** The row of endpoints that need nothing of a request. */
export function acceptsForm(path: string, send: Send): Row {
  return {
    row: 'Accepts: multipart/form-data',
    shows: 'a form is taken, and a request without a body',
    check: async (site) => {
      expect((await send(site)).status).toBe(200);
      expect((await site.fetch(path, { method: 'POST' })).status).toBe(200);
    },
  };
}

export function produces(type: string, send: Send): Row {
  return {
    row: `Produces: ${type}`,
    shows: 'content type of the answer',
    check: async (site) => {
      const { headers, status } = await send(site);
      expect([status, headers.get('content-type')]).toEqual([200, type]);
    },
  };
}

/** `LogAPITrigger` and `requestID`, as every endpoint describes them. */
export function logHeaders(path: string, send: Send): Row[] {
  const lineOf = async (site: Parameters<Send>[0], headers: Record<string, string>) => {
    const requestId = crypto.randomUUID();
    expect((await send(site, { ...headers, requestID: requestId })).status).toBe(200);
    return site.logLine(requestId);
  };
  return [
    {
      row: 'LogAPITrigger: true',
      shows: 'marks the log line of the request',
      check: async (site) => {
        expect(await lineOf(site, { LogAPITrigger: 'true' }))
          .toMatchObject({ event: 'request', endpoint: path, api_trigger: true });
        for (const headers of [{}, { LogAPITrigger: 'false' }] as Record<string, string>[]) {
          expect(await lineOf(site, headers)).not.toHaveProperty('api_trigger');
        }
      },
    },
    {
      row: 'requestID',
      shows: 'stands in the log line of the request',
      check: async (site) => {
        expect(await lineOf(site, {})).toMatchObject({ event: 'request', endpoint: path });
      },
    },
  ];
}
