/** What an SDK asks for before its first capture: the key to seal for, and the time of this server. */
import { Hono } from 'hono';
import type { Logger } from '../core/logging.ts';
import type { PublicKeyAnswer } from './answers.ts';
import type { CaptureKeys } from './envelope/capture-keys.ts';
import { accessLog } from './request-log.ts';

const OCTETS = { 'Content-Type': 'application/octet-stream' };

export const PUB_KEY_PATH = '/api/v1/pub_key';
export const TIME_PATH = '/api/v1/time';

/** `pub_key` and `time`; bodies of requests are of no interest and not read. */
export function clientRoutes(keys: CaptureKeys, log: Logger): Hono {
  const app = new Hono();
  const logged = accessLog(log);
  app.post(PUB_KEY_PATH, logged, () => {
    const { id, spki } = keys.current;
    const published: PublicKeyAnswer = {
      version: 1,
      kid: id,
      spki: spki.toBase64(),
      alg: 'RSA-OAEP-256',
    };
    return new Response(JSON.stringify(published), { headers: OCTETS });
  });
  app.post(TIME_PATH, logged, () => new Response(String(Date.now()), { headers: OCTETS }));
  return app;
}
