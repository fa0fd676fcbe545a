/** `GET /.well-known/jwks.json`: the public keys that this installation's verdicts are checked with. */
import { Hono } from 'hono';
import type { SigningKey } from './signing-key.ts';

const PATH = '/.well-known/jwks.json';
/** RFC 7517 8.5.1. */
const CONTENT_TYPE = 'application/jwk-set+json';

export function jwksRoute({ jwk }: SigningKey): Hono {
  const app = new Hono();
  const body = JSON.stringify({ keys: [jwk] });
  app.get(PATH, () => new Response(body, { headers: { 'Content-Type': CONTENT_TYPE } }));
  return app;
}
