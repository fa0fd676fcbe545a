/** The endpoints of the IDENTY Web Server API, version 1. */
import { Hono } from 'hono';
import { peerOf, type WithPeer } from '../core/http/peer.ts';
import { antispoofEndpoint } from './antispoof-endpoint.ts';
import { clientRoutes, PUB_KEY_PATH, TIME_PATH } from './client-routes.ts';
import { type Endpoint, handle, type IdentyDeps } from './endpoint.ts';
import { IdentyError } from './errors.ts';
import { generateEndpoint } from './generate-endpoint.ts';
import { matchEndpoint } from './match-endpoint.ts';
import { modelsEndpoint } from './models/endpoint.ts';
import { observeIdenty } from './observe.ts';
import { processEndpoint } from './process-endpoint.ts';
import { newRefid } from './refid.ts';
import { renderError } from './render.ts';
import { secureAntispoofEndpoint } from './secure-antispoof-endpoint.ts';
import { verifyEndpoint } from './verify-endpoint.ts';
import { logError } from './request-log.ts';

const IDENTY_PREFIX = '/api/v1/';

const ENDPOINTS: readonly Endpoint[] = [
  matchEndpoint('/api/v1/matchWithSelfie', 'selfie'),
  matchEndpoint('/api/v1/matchWithPictureId', 'picture-id'),
  antispoofEndpoint,
  generateEndpoint,
];

export function identyRoutes(deps: IdentyDeps): Hono<WithPeer> {
  const app = new Hono<WithPeer>();
  const { captures, templateKey } = deps;
  const sealed = captures === undefined ? [] : [
    processEndpoint({ captures, templateKey }),
    verifyEndpoint(captures),
    secureAntispoofEndpoint(captures),
  ];
  if (captures !== undefined) {
    app.route('/', clientRoutes(captures.keys, deps.log));
    for (const path of [PUB_KEY_PATH, TIME_PATH]) {
      app.all(path, (c) => refuse(c.req.raw, wrongMethod('POST'), deps));
    }
  }
  const endpoints = [...ENDPOINTS, modelsEndpoint(deps.pack), ...sealed];
  const count = observeIdenty(deps.registry, endpoints.map(({ path }) => path), captures);
  for (const endpoint of endpoints) {
    app.post(endpoint.path, (c) => handle(c.req.raw, peerOf(c), endpoint, deps, count));
    app.all(endpoint.path, (c) => refuse(c.req.raw, wrongMethod('POST'), deps));
  }
  const health = '/api/v1/face_health';
  app.get(health, () => {
    const ok = deps.gate.open && deps.faces.ready && deps.licensing.writable;
    return new Response(ok ? 'OK' : 'NOT READY', {
      status: ok ? 200 : 503,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    });
  });
  app.all(health, (c) => refuse(c.req.raw, wrongMethod('GET, HEAD'), deps));
  app.all(`${IDENTY_PREFIX}*`, (c) => refuse(c.req.raw, unknownPath(), deps));
  return app;
}

function wrongMethod(allow: string): IdentyError {
  return new IdentyError(
    'ERROR_INVALID_JSON',
    `INVALID ARGUMENT EXCEPTION: only ${allow} is allowed here`,
    { http: 405, headers: { Allow: allow } },
  );
}

function unknownPath(): IdentyError {
  return new IdentyError('ERROR_INVALID_JSON', 'INVALID ARGUMENT EXCEPTION: no such endpoint', {
    http: 404,
  });
}

function refuse(request: Request, error: IdentyError, deps: IdentyDeps): Response {
  const refid = newRefid('REQUEST');
  // Names of endpoints are ours; the path of an unknown one is the client's and is not logged.
  const known = error.http === 405 ? new URL(request.url).pathname : 'unknown';
  logError(deps.log, {
    refid,
    endpoint: known,
    headers: request.headers,
    startedMs: performance.now(),
    bytesIn: 0,
  }, error);
  return renderError(refid, error);
}
