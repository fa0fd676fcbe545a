/** The HTTP application: API families behind cross-origin rules and security headers, then the pages. */
import { Hono, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { capabilitiesRoute } from './core/face/capabilities-route.ts';
import type { FaceEngineInfo } from './core/face/engine.ts';
import { addSecurityHeaders } from './core/http/headers.ts';
import { isForeign } from './core/http/foreign.ts';
import { observeRequests, type Part, UNTRACED_FAMILY } from './core/http/observe.ts';
import type { WithPeer } from './core/http/peer.ts';
import { jwksRoute } from './core/keys/jwks-route.ts';
import type { SigningKey } from './core/keys/signing-key.ts';
import { LICENCE_HEADER } from './core/licence/licensing.ts';
import { type MonitoringDeps, monitoringRoutes } from './core/monitoring/routes.ts';
import type { Tracer } from './core/tracing/tracer.ts';
import { type ConsoleDeps, consoleRoutes } from './console/mod.ts';
import { type DocvalDeps, docvalRoutes } from './docval/mod.ts';
import { type DocvalDemo, docvalDemoRoutes } from './docval-demo/mod.ts';
import { type IdentyDeps, identyRoutes } from './identy/mod.ts';
import { type PlaygroundDeps, playgroundRoutes } from './playground/mod.ts';

/** Serves the pages of the appliance: an answer for a path, or undefined when there is none. */
export type Pages = (request: Request) => Response | undefined | Promise<Response | undefined>;

export interface AppDeps {
  /** What answers say of the licence; undefined when there is nothing to say. */
  readonly licence: { readonly header: string | undefined };
  readonly identy: IdentyDeps;
  /** What is loaded; undefined while it is not. */
  readonly engine: () => FaceEngineInfo | undefined;
  readonly playground: PlaygroundDeps;
  readonly docval: DocvalDeps;
  /** Whose public half is published; without it no key set is. */
  readonly signingKey?: SigningKey | undefined;
  /** How long its public half stays published after it was replaced, now. */
  readonly signingPublishMs: () => number;
  /** Without it there is no console. */
  readonly console?: ConsoleDeps | undefined;
  /** Undefined where the demonstration is off. */
  readonly demo: DocvalDemo | undefined;
  /** Origins that browsers may call the APIs from now; none: no cross-origin headers at all. */
  readonly corsOrigins: () => readonly string[];
  /** Whether the port speaks TLS. */
  readonly https: boolean;
  readonly pages?: Pages;
  readonly monitoring: MonitoringDeps;
  readonly tracer: Tracer;
}

export function createApp(deps: AppDeps): Hono<WithPeer> {
  const parts: Part[] = [
    [UNTRACED_FAMILY, monitoringRoutes(deps.monitoring)],
    ['identy', identyRoutes(deps.identy)],
    ['playground', playgroundRoutes(deps.playground)],
    ['docval', docvalRoutes(deps.docval)],
    ['core', capabilitiesRoute(deps.engine)],
    ...(deps.signingKey === undefined
      ? []
      : [['core', jwksRoute(deps.signingKey, deps.signingPublishMs)] as const]),
    ...(deps.console === undefined ? [] : [['console', consoleRoutes(deps.console)] as const]),
    ['docval-demo', docvalDemoRoutes(deps.demo)],
  ];
  const app = new Hono<WithPeer>();
  app.use(observeRequests(parts, deps.monitoring.registry, deps.tracer));
  app.use(async (c, next) => {
    await next();
    addSecurityHeaders(c.res.headers, deps.https);
    const { header } = deps.licence;
    if (header !== undefined) c.res.headers.set(LICENCE_HEADER, header);
  });
  app.use((c, next) => {
    // the console has words of its own for it
    const exempt = c.req.method !== 'POST' || c.req.path.startsWith('/console/');
    if (exempt || !isForeign(c.req.raw.headers, deps.corsOrigins())) return next();
    deps.identy.log.info('foreign-request');
    return Promise.resolve(c.json({ code: 403, message: 'Forbidden' }, 403));
  });
  const rules = crossOrigin(deps.corsOrigins);
  app.use('/api/*', (c, next) => deps.corsOrigins().length === 0 ? next() : rules(c, next));
  for (const [, routes] of parts) app.route('/', routes as Hono<WithPeer>);
  app.notFound(async (c) => {
    const readable = c.req.method === 'GET' || c.req.method === 'HEAD';
    const page = readable ? await deps.pages?.(c.req.raw) : undefined;
    return page ?? c.json({ code: 404, message: 'Not found' }, 404);
  });
  app.onError((error, c) => {
    deps.identy.log.error('unexpected', { cause: error.name });
    return c.json({ code: 500, message: 'Server Error' }, 500);
  });
  return app;
}

/** The rules for pages of other origins, those allowed at the time of each request. */
function crossOrigin(allowed: () => readonly string[]): MiddlewareHandler {
  return cors({
    origin(asking) {
      const origins = allowed();
      if (origins.includes('*')) return '*';
      return origins.includes(asking) ? asking : undefined;
    },
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'LogAPITrigger',
      'requestID',
      'X-API-Key',
      'X-DEBUG',
      'traceparent',
      'tracestate',
    ],
    maxAge: 600,
  });
}
