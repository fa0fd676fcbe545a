/** Rows of the endpoints that take a sealed capture: `process`, `verifyWithPictureId`, `secure/face/as`. */
import { expect } from 'bun:test';
import { refusal } from './refusals.ts';
import { isRefid, type Row } from './rows.ts';
import type { Sealing, Site } from './site.ts';

export type SendCapture = (site: Site, file: Blob) => Promise<Response>;

const THREE_MINUTES_MS = 180_000;

/** @param name of the field as the table of parameters prints it */
export function captureFile(send: (site: Site, name: string) => Promise<Response>): Row {
  return {
    row: 'File',
    shows: 'the capture is taken as `file`, and as `File`',
    remark: 'the tables print "File", the example and clients say "file"',
    check: async (site) => {
      for (const name of ['file', 'File']) expect((await send(site, name)).status).toBe(200);
    },
  };
}

/** @param remark on the name of 500 */
export function sealedErrors(action: string, send: SendCapture, remark?: string): Row[] {
  const sealed = (sealing: Sealing) => async (site: Site) => send(site, await site.seal(sealing));
  const expired = { name: 'ERROR_REQUEST_EXPIRED', message: 'The request has expired' } as const;
  const closed = {
    name: 'ERROR_DECRYPTION_FAILED',
    message: 'The capture could not be decrypted',
  } as const;
  return [
    refusal(action, {
      ...expired,
      shows: 'a capture packed three minutes ago',
      send: (site) => sealed({ atMs: Date.now() - THREE_MINUTES_MS })(site),
    }),
    refusal(action, {
      ...expired,
      shows: 'a capture sent a second time',
      send: async (site) => {
        const file = await site.seal();
        expect((await send(site, file)).status).toBe(200);
        return await send(site, file);
      },
    }),
    refusal(action, {
      ...closed,
      shows: 'a capture changed on the way',
      send: async (site) => {
        const bytes = await (await site.seal()).bytes();
        return await send(site, new Blob([bytes.with(-1, bytes.at(-1)! ^ 1)]));
      },
    }),
    refusal(action, {
      ...closed,
      shows: 'a picture that is not sealed',
      send: (site) => send(site, new Blob(['\xff\xd8\xff'])),
    }),
    refusal(action, {
      name: 'ERROR_INVALID_IMAGE',
      quotes: 'Image has no face on it.',
      shows: 'a capture without a face',
      send: sealed({ shows: 'none' }),
    }),
    refusal(action, {
      name: 'ERROR_INVALID_IMAGE',
      quotes: 'An invalid image was used',
      shows: 'a capture whose picture is damaged',
      send: sealed({ shows: 'broken' }),
    }),
    refusal(action, {
      name: 'ERROR_WRONG_RESOLUTION',
      quotes: "Passed image isn't 480x640",
      shows: 'a capture of 640x480',
      send: sealed({ shows: 'face 0 width=640 height=480' }),
    }),
    refusal(action, {
      name: 'ERROR_SERVER_INTERNAL',
      quotes: 'Server Error',
      shows: 'a fault of the server',
      ...(remark !== undefined && { remark }),
      send: sealed({ shows: 'bug' }),
    }),
  ];
}

/** The answer to what is no live capture; `verifyWithPictureId` answers as `process` does. */
export function retryErrors(action: string, send: SendCapture): Row[] {
  const camera = {
    label: 'OBS Virtual Camera',
    facing: null,
    width: 640,
    height: 480,
    frame_rate: 30,
    devices: 1,
  };
  const row = (code: number, name: string, shows: string, sealing: Sealing): Row => ({
    row: `${code} ${name}`,
    shows,
    check: async (site) => {
      const response = await send(site, await site.seal(sealing));
      expect(response.status).toBe(400);
      const answer = await response.json();
      expect(answer).toMatchObject({ code, message: name, feedbackCode: name });
      isRefid(action)(answer.refid);
    },
  });
  return [
    row(401, 'FEEDBACK_RETRY', 'a capture whose liveness check fails', { shows: 'face 0 1 0.1' }),
    row(408, 'FEEDBACK_RETRY_INSECURE', 'a capture of a camera that is a program', {
      changes: { camera },
    }),
  ];
}
