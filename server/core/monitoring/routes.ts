/**
 * `/healthz`: the process answers. `/readyz`: it can take work. `/metrics`: what it has done, for those who
 * may know.
 */
import { Hono } from 'hono';
import { isLocalRequest, isLoopback } from '../http/loopback.ts';
import { contentTypeFor, writeMetrics } from '../metrics/exposition.ts';
import type { Registry } from '../metrics/registry.ts';
import { judgeReadiness, type ReadinessCheck } from './readiness.ts';

/** What a request's connection is asked for. */
interface Connection {
  /** Address of the other end; undefined where it is not known. */
  peer(): string | undefined;
}

type Env = { Bindings: Partial<Connection> };

export interface MonitoringDeps {
  readonly registry: Registry;
  readonly readiness: readonly ReadinessCheck[];
  /** Who may read the metrics here; to others there are none. */
  readonly metricsFor: 'everybody' | 'this machine' | 'nobody';
}

export function monitoringRoutes({ registry, readiness, metricsFor }: MonitoringDeps): Hono {
  const app = new Hono<Env>();
  app.get('/healthz', (c) => c.json({ alive: true }));
  app.get('/readyz', async (c) => {
    const answer = await judgeReadiness(readiness);
    return c.json(answer, answer.ready ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    const admitted = metricsFor === 'everybody' ||
      (metricsFor === 'this machine' && comesFromThisMachine(c.req.raw, c.env.peer?.()));
    if (!admitted) return c.notFound();
    const contentType = contentTypeFor(c.req.header('accept') ?? null);
    const text = writeMetrics(await registry.collect(), contentType);
    return c.body(text, 200, { 'Content-Type': contentType });
  });
  return app as unknown as Hono;
}

/** The other end is this machine, the request names it so, and no proxy says that it passed it on. */
function comesFromThisMachine(request: Request, peer: string | undefined): boolean {
  return peer !== undefined && isLoopback(peer.replace(/^::ffff:/i, '')) && isLocalRequest(request);
}
