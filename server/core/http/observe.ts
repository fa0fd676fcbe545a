/**
 * Watches requests from arrival to answer: counts them by API family and endpoint, and records the span of
 * those that are traced. An endpoint is the path of a route, never that of a request.
 */
import type { Hono, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Registry } from '../metrics/registry.ts';
import type { WithPeer } from './peer.ts';
import { currentTrace } from '../tracing/current.ts';
import type { Tracer } from '../tracing/tracer.ts';

/** A part of the application and the family that its routes are counted under. */
export type Part = readonly [family: string, routes: Hono | Hono<WithPeer>];

/** Probes and scrapes are no work anybody wants to follow. */
export const UNTRACED_FAMILY = 'monitoring';
/** Pages and files, and whatever no route answers. */
const REST = { family: 'web', endpoint: 'page' } as const;

/** Methods that are named in spans; a client can make up others. */
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'];

/** HTTP statuses that this server gives. */
const STATUSES = '200 204 206 304 400 401 403 404 405 408 413 415 416 426 429 500 503'.split(' ');

/** Seconds: from pages to the deadline of a request. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Middleware that has to come before every other one. */
export function observeRequests(
  parts: readonly Part[],
  registry: Registry,
  tracer: Tracer,
): MiddlewareHandler {
  const families = new Map(
    parts.flatMap(([family, { routes }]) => routes.map(({ path }) => [path, family])),
  );
  let inFlight = 0;
  const durations = registry.histogram({
    name: 'gatehouse_http_request_duration_seconds',
    help: 'Requests by endpoint and HTTP status, from arrival to the answer being ready.',
    labels: {
      family: [...families.values(), REST.family],
      endpoint: [...families.keys(), REST.endpoint],
      code: STATUSES,
    },
  }, DURATIONS);
  registry.measured('gauge', {
    name: 'gatehouse_http_requests_in_flight',
    help: 'Requests that have arrived and are not answered.',
  }, (set) => set({}, inFlight));

  return async (c, next) => {
    const startMs = performance.now();
    inFlight++;
    try {
      await next();
    } finally {
      inFlight--;
    }
    const endMs = performance.now();
    const path = routePath(c);
    const known = families.get(path);
    const { family, endpoint } = known === undefined ? REST : { family: known, endpoint: path };
    const { status } = c.res;
    durations.observe({ family, endpoint, code: String(status) }, (endMs - startMs) / 1000);
    if (family === UNTRACED_FAMILY) return;
    const method = METHODS.includes(c.req.method) ? c.req.method : '_OTHER';
    tracer.end(currentTrace(), {
      name: `${method} ${endpoint}`,
      startMs,
      endMs,
      attributes: {
        'http.request.method': method,
        'http.route': endpoint,
        'http.response.status_code': status,
      },
      failed: status >= 500,
    });
  };
}
