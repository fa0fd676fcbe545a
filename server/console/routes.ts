/** The API of the console: log in, ask who one is, log out, and look at its views. There are no such routes while nobody can log in. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { sourceAddress, type TrustedProxies } from '../core/access/addresses.ts';
import type { AdminStore } from '../core/access/admin-store.ts';
import {
  csrfToken,
  IDLE_MS,
  isCsrfToken,
  type Session,
  type Sessions,
} from '../core/access/sessions.ts';
import type { PasskeyStore } from '../core/access/passkey-store.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import type { BodyLimits } from '../core/http/body.ts';
import { peerOf, type WithPeer } from '../core/http/peer.ts';
import type { Logger } from '../core/logging.ts';
import type { Challenges } from '../core/webauthn/challenges.ts';
import type { RelyingParty } from '../core/webauthn/relying-party.ts';
import { accountRequests } from './account.ts';
import { readJson } from './body.ts';
import { confirmation } from './confirmation.ts';
import { endedCookie, readSessionCookie, sessionCookie } from './cookie.ts';
import { ConsoleError, foreign, renderConsoleError } from './errors.ts';
import { Login } from './login.ts';
import { isOwnRequest } from './origin.ts';
import { type PasskeyRequests, passkeyRequests } from './passkey-requests.ts';
import { Passkeys } from './passkeys.ts';
import { type ViewDeps, viewsOf } from './views.ts';

export interface ConsoleDeps {
  readonly admins: Pick<AdminStore, 'any' | 'verify' | 'changePassword'>;
  readonly sessions: Sessions;
  readonly passkeys: PasskeyStore;
  /** What passkeys are for, now; undefined where there are none. */
  readonly relyingParty: () => RelyingParty | undefined;
  /** That passkeys answer. */
  readonly challenges: Challenges;
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

const LoginSchema = z.strictObject({ name: z.string().min(1).max(64), ...confirmation });
const LOGIN_WORDS = 'name, password and code are needed, as texts';

export function consoleRoutes(deps: ConsoleDeps): Hono<WithPeer> {
  const { admins, sessions, audit, log, nowMs = Date.now } = deps;
  const { steadyMs = () => performance.now() } = deps;
  const passkeys = new Passkeys({
    store: deps.passkeys,
    relyingParty: deps.relyingParty,
    challenges: deps.challenges,
    audit,
    nowMs,
  });
  const login = new Login({ admins, passkeys, sessions, audit, log, nowMs, steadyMs });
  const app = new Hono<WithPeer>();
  const route = (
    method: 'GET' | 'POST',
    path: string,
    answer: (c: Context<WithPeer>) => Response | Promise<Response>,
  ): void => {
    app.on([method], `${PREFIX}/${path}`, async (c) => {
      try {
        return await admins.any() ? await answer(c) : await c.notFound();
      } catch (error) {
        return renderConsoleError(
          error,
          (cause) =>
            log.error('unexpected', { cause: cause instanceof Error ? cause.name : 'unknown' }),
        );
      }
    });
    app.all(
      `${PREFIX}/${path}`,
      async (c) => await admins.any() ? wrongMethod(method) : await c.notFound(),
    );
  };
  const current = async (headers: Headers, kind: 'use' | 'look' = 'use'): Promise<Session> => {
    const id = readSessionCookie(headers.get('cookie'));
    const session = id === undefined ? undefined : await sessions[kind](id, nowMs());
    if (session === undefined) throw new ConsoleError('NOT_LOGGED_IN', 'Log in first');
    return session;
  };

  const addressOf = (c: Context<WithPeer>): string | undefined =>
    sourceAddress(peerOf(c).address, c.req.raw.headers.get('x-forwarded-for'), deps.proxies());
  const letIn = async (
    c: Context<WithPeer>,
    session: Session | undefined,
    wrong: string,
  ): Promise<Response> => {
    if (session === undefined) throw new ConsoleError('LOGIN_FAILED', wrong);
    const before = readSessionCookie(c.req.raw.headers.get('cookie'));
    if (before !== undefined) await sessions.end(before);
    const headers = { 'Set-Cookie': sessionCookie(session.id) };
    return Response.json(answerOf(session), { headers });
  };
  /** The session of a request that changes something. */
  const changing = async ({ headers }: Request): Promise<Session> => {
    const session = await current(headers);
    refuseForeign(headers, session.id);
    return session;
  };

  route('POST', 'login', async (c) => {
    const request = await readJson(c.req.raw, deps.body, LoginSchema, LOGIN_WORDS);
    return await letIn(
      c,
      await login.attempt(request, addressOf(c)),
      'Name, password or code is wrong',
    );
  });
  route('GET', 'session', async (c) => Response.json(answerOf(await current(c.req.raw.headers))));
  route('POST', 'logout', async (c) => {
    await sessions.end((await changing(c.req.raw)).id);
    return new Response(null, {
      status: 204,
      headers: { 'Set-Cookie': endedCookie(), 'Clear-Site-Data': FORGET },
    });
  });
  const account = accountRequests({ admins, login, sessions, audit, body: deps.body, nowMs });
  route('POST', 'password', async (c) => {
    const before = await changing(c.req.raw);
    const session = await account.changePassword(before, c.req.raw, addressOf(c));
    return Response.json(answerOf(session), {
      headers: { 'Set-Cookie': sessionCookie(session.id) },
    });
  });
  route(
    'GET',
    'sessions',
    async (c) => Response.json(await account.sessions(await current(c.req.raw.headers))),
  );
  route('POST', 'sessions/end', async (c) => {
    const session = await changing(c.req.raw);
    return Response.json(await account.endSessions(session, c.req.raw, addressOf(c)));
  });
  const requests: PasskeyRequests = passkeyRequests({ passkeys, login, body: deps.body });
  route('GET', 'passkey', () => Response.json(requests.offer()));
  route(
    'POST',
    'passkey/login',
    async (c) =>
      letIn(c, await requests.signIn(c.req.raw, addressOf(c)), 'The passkey was not accepted'),
  );
  route(
    'GET',
    'passkeys',
    async (c) => Response.json(await requests.list(await current(c.req.raw.headers))),
  );
  route(
    'POST',
    'passkeys/challenge',
    async (c) =>
      Response.json(await requests.begin(await changing(c.req.raw), c.req.raw, addressOf(c))),
  );
  route(
    'POST',
    'passkeys/add',
    async (c) =>
      Response.json(await requests.add(await changing(c.req.raw), c.req.raw), { status: 201 }),
  );
  route('POST', 'passkeys/remove', async (c) => {
    await requests.remove(await changing(c.req.raw), c.req.raw, addressOf(c));
    return new Response(null, { status: 204 });
  });
  for (const [name, answer] of viewsOf(deps.views)) {
    route('GET', name, async (c) => {
      // the page renews its overview by itself
      await current(c.req.raw.headers, name === 'overview' ? 'look' : 'use');
      return Response.json(await answer(c.req.query()));
    });
  }
  return app;
}

/** @throws ConsoleError for a request that a page of another site may have sent with our cookie */
function refuseForeign(headers: Headers, id: string): void {
  if (!isOwnRequest(headers) || !isCsrfToken(id, headers.get('x-csrf-token'))) throw foreign();
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
