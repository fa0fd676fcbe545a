/** A listener of its own for metrics and probes, so that they need not be where the APIs are. */
import { Hono } from 'hono';
import type { Address } from '../http/address.ts';
import { OPEN_ACCESS } from '../access/guard.ts';
import { addSecurityHeaders } from '../http/headers.ts';
import { listen } from '../http/listen.ts';
import type { Logger } from '../logging.ts';
import { type MonitoringDeps, monitoringRoutes } from './routes.ts';

/** Requests here have no body. */
const MAX_BODY_BYTES = 1024;
const IDLE_TIMEOUT_S = 60;

/** @throws ServerError PORT_UNAVAILABLE */
export function listenForMonitoring(
  { host, port }: Address,
  deps: Omit<MonitoringDeps, 'access' | 'metricsFor'>,
  log: Logger,
): { stop(): Promise<void> } {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    addSecurityHeaders(c.res.headers);
  });
  app.route('/', monitoringRoutes({ ...deps, access: OPEN_ACCESS, metricsFor: 'everybody' }));
  const server = listen({
    hostname: host,
    port,
    idleTimeout: IDLE_TIMEOUT_S,
    maxRequestBodySize: MAX_BODY_BYTES,
    fetch: (request) => app.fetch(request, {}),
    error: () => new Response('', { status: 500 }),
  });
  // alone it is no reason for the process to go on
  server.unref();
  log.info('monitoring', { url: server.url.href });
  return { stop: () => server.stop(true) };
}
