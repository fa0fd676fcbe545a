/** What an SDK asks for before its first capture: the key to seal for, and the time of this server. */
import { Hono } from 'hono';
import type { PublicKeyAnswer } from './answers.ts';
import type { CaptureKeys } from './envelope/capture-keys.ts';

const OCTETS = { 'Content-Type': 'application/octet-stream' };

/** `pub_key` and `time`; bodies of requests are of no interest and not read. */
export function clientRoutes({ current }: CaptureKeys): Hono {
  const app = new Hono();
  const published: PublicKeyAnswer = {
    version: 1,
    kid: current.id,
    spki: current.spki.toBase64(),
    alg: 'RSA-OAEP-256',
  };
  const key = JSON.stringify(published);
  app.post('/api/v1/pub_key', () => new Response(key, { headers: OCTETS }));
  app.post('/api/v1/time', () => new Response(String(Date.now()), { headers: OCTETS }));
  return app;
}
