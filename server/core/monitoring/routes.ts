/**
 * `/healthz`: the process answers. `/readyz`: it can take work. `/metrics`: what it has done, for those who
 * may know.
 */
import { type Context, Hono } from 'hono';
import type { Access } from '../access/guard.ts';
import { refusalOf } from '../access/refusal.ts';
import { ServerError } from '../errors.ts';
import { isLocalRequest, isLoopback } from '../http/loopback.ts';
import { contentTypeFor, writeMetrics } from '../metrics/exposition.ts';
import { peerOf, type WithPeer } from '../http/peer.ts';
import type { Registry } from '../metrics/registry.ts';
import { judgeReadiness, type ReadinessCheck } from './readiness.ts';

export interface MonitoringDeps {
  readonly registry: Registry;
  readonly readiness: readonly ReadinessCheck[];
  /** Lets callers with a key for metrics in, wherever they are. */
  readonly access: Access;
  /** Who else may read the metrics here; to others there are none. */
  readonly metricsFor: 'everybody' | 'this machine' | 'nobody';
}

export function monitoringRoutes(
  { registry, readiness, access, metricsFor }: MonitoringDeps,
): Hono<WithPeer> {
  const app = new Hono<WithPeer>();
  app.get('/healthz', (c) => c.json({ alive: true }));
  app.get('/readyz', async (c) => {
    const answer = await judgeReadiness(readiness);
    return c.json(answer, answer.ready ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    if (metricsFor === 'nobody') return c.notFound();
    if (metricsFor === 'this machine' && !comesFromThisMachine(c)) {
      const refusal = await refuse(c, access);
      if (refusal !== undefined) return refusal;
    }
    const contentType = contentTypeFor(c.req.header('accept') ?? null);
    const text = writeMetrics(await registry.collect(), contentType);
    return c.body(text, 200, { 'Content-Type': contentType });
  });
  return app;
}

/** The other end is this machine, the request names it so, and no proxy says that it passed it on. */
function comesFromThisMachine(c: Context<WithPeer>): boolean {
  const { address } = peerOf(c);
  return address !== undefined && isLoopback(address.replace(/^::ffff:/i, '')) &&
    isLocalRequest(c.req.raw);
}

/** The answer to a caller that shows nothing, or not what is needed; undefined for one that does. */
async function refuse(c: Context<WithPeer>, access: Access): Promise<Response | undefined> {
  try {
    const { headers } = c.req.raw;
    const caller = await access.check({ headers, peer: peerOf(c), scopes: ['metrics'] });
    return caller === undefined ? await c.notFound() : undefined;
  } catch (error) {
    const refusal = error instanceof ServerError ? refusalOf(error) : undefined;
    if (refusal === undefined) throw error;
    // whoever shows no key need not know that there are metrics
    if ((error as ServerError).code === 'KEY_MISSING') return c.notFound();
    return c.body(null, refusal.http, refusal.headers);
  }
}
