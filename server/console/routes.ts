/** The API of the console: log in, ask who one is, log out, and look at its views. There are no such routes while nobody can log in. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { sourceAddress, type TrustedProxies } from '../core/access/addresses.ts';
import { type AdminStore, MOST_PASSWORD_CHARACTERS } from '../core/access/admin-store.ts';
import {
  csrfToken,
  IDLE_MS,
  isCsrfToken,
  type Session,
  type Sessions,
} from '../core/access/sessions.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import { type BodyLimits, readBody } from '../core/http/body.ts';
import { parseJson } from '../core/http/json.ts';
import { peerOf, type WithPeer } from '../core/http/peer.ts';
import type { Logger } from '../core/logging.ts';
import { endedCookie, readSessionCookie, sessionCookie } from './cookie.ts';
import { ConsoleError, renderConsoleError } from './errors.ts';
import { Login } from './login.ts';
import { isOwnRequest } from './origin.ts';
import { type ViewDeps, viewsOf } from './views.ts';

export interface ConsoleDeps {
  readonly admins: Pick<AdminStore, 'any' | 'verify'>;
  readonly sessions: Sessions;
  /** Proxies whose word on addresses is taken, now. */
  readonly proxies: () => TrustedProxies;
  readonly audit: AuditSink;
  readonly log: Logger;
  readonly body: BodyLimits;
  readonly views: ViewDeps;
  /** Milliseconds since 1970. */
  readonly nowMs?: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly steadyMs?: () => number;
}

/** What a page needs to know of its session. */
interface SessionAnswer {
  readonly name: string;
  /** For the header `X-CSRF-Token` of whatever changes something. */
  readonly csrf_token: string;
  /** When it ends at the latest; unused it ends after `idle_seconds`. */
  readonly ends: string;
  readonly idle_seconds: number;
}

const PREFIX = '/console/api';
/** After a logout browsers keep nothing of this origin (W3C Clear Site Data); the cookie has its own end. */
const FORGET = '"cache", "storage"';
const LIMIT_BYTES = 8192;
const JSON_LIMITS = { maxDepth: 1, maxValues: 8 };

const LoginSchema = z.strictObject({
  name: z.string().min(1).max(64),
  password: z.string().min(1).max(MOST_PASSWORD_CHARACTERS),
  code: z.string().max(16),
});

export function consoleRoutes(deps: ConsoleDeps): Hono<WithPeer> {
  const { admins, sessions, audit, log, nowMs = Date.now } = deps;
  const { steadyMs = () => performance.now() } = deps;
  const login = new Login({ admins, sessions, audit, log, nowMs, steadyMs });
  const app = new Hono<WithPeer>();
  const route = (
    method: 'GET' | 'POST',
    path: string,
    answer: (c: Context<WithPeer>) => Response | Promise<Response>,
  ): void => {
    app.on([method], `${PREFIX}/${path}`, async (c) => {
      if (!admins.any) return c.notFound();
      try {
        return await answer(c);
      } catch (error) {
        return renderConsoleError(
          error,
          (cause) =>
            log.error('unexpected', { cause: cause instanceof Error ? cause.name : 'unknown' }),
        );
      }
    });
    app.all(`${PREFIX}/${path}`, (c) => admins.any ? wrongMethod(method) : c.notFound());
  };
  const current = (headers: Headers, kind: 'use' | 'look' = 'use'): Session => {
    const id = readSessionCookie(headers.get('cookie'));
    const session = id === undefined ? undefined : sessions[kind](id, nowMs());
    if (session === undefined) throw new ConsoleError('NOT_LOGGED_IN', 'Log in first');
    return session;
  };

  route('POST', 'login', async (c) => {
    const request = await readLogin(c.req.raw, deps.body);
    const { address } = peerOf(c);
    const forwarded = c.req.raw.headers.get('x-forwarded-for');
    const session = await login.attempt(request, sourceAddress(address, forwarded, deps.proxies()));
    if (session === undefined) {
      throw new ConsoleError('LOGIN_FAILED', 'Name, password or code is wrong');
    }
    const before = readSessionCookie(c.req.raw.headers.get('cookie'));
    if (before !== undefined) sessions.end(before);
    return Response.json(answerOf(session), {
      headers: { 'Set-Cookie': sessionCookie(session.id) },
    });
  });
  route('GET', 'session', (c) => Response.json(answerOf(current(c.req.raw.headers))));
  route('POST', 'logout', (c) => {
    const { headers } = c.req.raw;
    const { id } = current(headers);
    refuseForeign(headers, id);
    sessions.end(id);
    return new Response(null, {
      status: 204,
      headers: { 'Set-Cookie': endedCookie(), 'Clear-Site-Data': FORGET },
    });
  });
  for (const [name, answer] of viewsOf(deps.views)) {
    route('GET', name, async (c) => {
      // the page renews its overview by itself
      current(c.req.raw.headers, name === 'overview' ? 'look' : 'use');
      return Response.json(await answer(c.req.query()));
    });
  }
  return app;
}

/** @throws ConsoleError, ServerError */
async function readLogin(
  request: Request,
  limits: BodyLimits,
): Promise<z.output<typeof LoginSchema>> {
  const { headers } = request;
  // a form of another site can be sent, JSON cannot without asking first
  const type = headers.get('content-type')?.split(';')[0].trim().toLowerCase();
  if (type !== 'application/json') {
    throw new ConsoleError('INVALID_REQUEST', 'Content-Type must be application/json');
  }
  if (!isOwnRequest(headers)) throw foreign();
  const body = await readBody(request, { ...limits, limitBytes: LIMIT_BYTES });
  try {
    const parsed = LoginSchema.safeParse(parseJson(body.bytes, JSON_LIMITS));
    if (parsed.success) return parsed.data;
    throw new ConsoleError('INVALID_REQUEST', 'name, password and code are needed, as texts');
  } finally {
    body.bytes.fill(0);
    body.release();
  }
}

/** @throws ConsoleError for a request that a page of another site may have sent with our cookie */
function refuseForeign(headers: Headers, id: string): void {
  if (!isOwnRequest(headers) || !isCsrfToken(id, headers.get('x-csrf-token'))) throw foreign();
}

function foreign(): ConsoleError {
  return new ConsoleError('FOREIGN_REQUEST', 'The request does not come from the console');
}

function wrongMethod(method: 'GET' | 'POST'): Response {
  const allow = method === 'GET' ? 'GET, HEAD' : method;
  const error = new ConsoleError('METHOD_NOT_ALLOWED', `only ${allow} is allowed here`, {
    headers: { Allow: allow },
  });
  return renderConsoleError(error, () => {});
}

function answerOf({ id, admin, endsMs }: Session): SessionAnswer {
  return {
    name: admin,
    csrf_token: csrfToken(id),
    ends: new Date(endsMs).toISOString(),
    idle_seconds: IDLE_MS / 1000,
  };
}
