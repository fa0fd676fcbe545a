/** `GET /.well-known/jwks.json`: the public keys that this installation's verdicts are checked with. */
import { Hono } from 'hono';
import type { SigningKey } from './signing-key.ts';

const PATH = '/.well-known/jwks.json';
/** RFC 7517 8.5.1. */
const CONTENT_TYPE = 'application/jwk-set+json';

/** @param keepMs how long keys are published after they were replaced, now */
export function jwksRoute(key: SigningKey, keepMs: () => number): Hono {
  const app = new Hono();
  app.get(PATH, () => {
    const keys = key.published(Date.now(), keepMs());
    return new Response(JSON.stringify({ keys }), { headers: { 'Content-Type': CONTENT_TYPE } });
  });
  return app;
}
