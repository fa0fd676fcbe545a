/** `POST /v4/validate`: passive authentication of files that the caller read itself; no chip takes part. */
import { Hono } from 'hono';
import { type Refusal, refusalOf } from '../core/access/refusal.ts';
import { ServerError } from '../core/errors.ts';
import { readBody } from '../core/http/body.ts';
import { type FormPart, readForm } from '../core/http/form.ts';
import type { DocvalClient } from './clients.ts';
import { type Peer, peerOf, type WithPeer } from '../core/http/peer.ts';
import { DocvalError } from './errors.ts';
import { forgetLastMatch } from '../core/native/forget.ts';
import { groupNumber, judgeFiles } from './given-files.ts';
import { PASSIVE_ERRORS } from './passive-errors.ts';
import { makeResult } from './result.ts';
import { admitClient, clientFacts, type DocvalDeps, knownClient } from './service.ts';
import { causeOf } from './socket-session.ts';

const PATH = '/v4/validate';
/** client_id, validation_id, signed_result, sod, sixteen data groups, and a few that clients add. */
const MAX_PARTS = 32;
/** A part with such a name holds data that somebody wants judged. */
const LIKE_A_GROUP = /^dg/i;
const MAX_ID_CHARACTERS = 256;

class PassiveError extends Error {
  override readonly name = 'PassiveError';
  readonly code: keyof typeof PASSIVE_ERRORS;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: keyof typeof PASSIVE_ERRORS,
    message: string,
    options: ErrorOptions & { headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options);
    this.code = code;
    this.headers = options.headers ?? {};
  }
}

export function docvalRoutes(deps: DocvalDeps): Hono<WithPeer> {
  const app = new Hono<WithPeer>();
  app.post(PATH, (c) => handle(c.req.raw, peerOf(c), deps));
  app.all(
    PATH,
    () =>
      render(
        new PassiveError('METHOD_NOT_ALLOWED', 'only POST is allowed here', {
          headers: { Allow: 'POST' },
        }),
      ),
  );
  return app;
}

async function handle(request: Request, peer: Peer, deps: DocvalDeps): Promise<Response> {
  const facts: Record<string, unknown> = { protocol: 'v4' };
  try {
    const caller = await deps.access.check({ headers: request.headers, peer, scopes: ['docval'] });
    if (caller !== undefined) facts.caller = caller.name;
    const answer = await validate(request, deps, facts);
    deps.log.info('docval-session', { ...facts, outcome: 'DONE' });
    return Response.json(answer);
  } catch (thrown) {
    const error = toPassiveError(thrown);
    const level = error.code === 'SERVER_ERROR' ? 'error' : 'info';
    const cause = causeOf(error.cause) ?? error.message;
    deps.log[level]('docval-session', { ...facts, outcome: error.code, cause });
    return render(error);
  }
}

interface Form {
  clientId: string;
  validationId: string | undefined;
  signedResult: boolean;
  sod: Uint8Array;
  groups: Map<number, Uint8Array>;
}

async function validate(request: Request, deps: DocvalDeps, facts: Record<string, unknown>) {
  const leave = deps.gate.enter();
  try {
    const limitBytes = Math.min(deps.body.limitBytes, deps.limits.maxDocumentBytes);
    const body = await readBody(request, { ...deps.body, limitBytes });
    try {
      const form = readFiles(body.bytes, request.headers.get('content-type') ?? '');
      const client = knownClient(deps.clients, form.clientId);
      Object.assign(facts, clientFacts(client, form.validationId ?? ''));
      if (!client.return_result) {
        throw new PassiveError('RESULT_NOT_ALLOWED', 'this client does not get results');
      }
      return await judgeFor(client, form, deps, facts, request.signal);
    } finally {
      body.release();
      forgetLastMatch();
    }
  } finally {
    leave();
  }
}

async function judgeFor(
  client: DocvalClient,
  form: Form,
  deps: DocvalDeps,
  facts: Record<string, unknown>,
  signal: AbortSignal,
) {
  const session = crypto.randomUUID();
  facts.session = session;
  const pass = await admitClient(deps, client, session, 'v4');
  try {
    const trust = await deps.trust.current();
    const { passport, signedResult } = await makeResult(deps, {
      client,
      pass,
      action: 'DOCVAL4',
      validationId: form.validationId ?? '',
      session,
      signed: form.signedResult,
      document: judgeFiles(form, { trust, at: deps.now() }),
      trust,
    }, signal);
    facts.passive_authentication = passport.passive_authentication;
    return {
      emrtd_passport: passport,
      ...(form.validationId !== undefined && { client_validation_id: form.validationId }),
      ...(signedResult !== undefined && { signed_result: signedResult }),
    };
  } finally {
    pass.release();
  }
}

function invalid(message: string, options?: ErrorOptions): PassiveError {
  return new PassiveError('INVALID_REQUEST', message, options);
}

function readFiles(bytes: Uint8Array, contentType: string): Form {
  const parts = readForm(bytes, contentType, MAX_PARTS);
  const form: Partial<Form> = {};
  const groups = new Map<number, Uint8Array>();
  for (const [name, part] of parts) {
    const group = groupNumber(name);
    if (name === 'client_id') form.clientId = textOf(name, part);
    else if (name === 'validation_id') form.validationId = textOf(name, part);
    else if (name === 'signed_result') form.signedResult = textOf(name, part) === 'true';
    else if (name === 'sod') form.sod = part.bytes;
    else if (group !== undefined) groups.set(group, part.bytes);
    else if (LIKE_A_GROUP.test(name)) throw invalid('form: data groups are dg1 to dg16');
  }
  const { clientId, sod, validationId, signedResult = false } = form;
  if (clientId === undefined) throw invalid('form: client_id is missing');
  if (sod === undefined) throw invalid('form: sod is missing');
  return { clientId, validationId, signedResult, sod, groups };
}

function textOf(name: string, { bytes, isFile }: FormPart): string {
  const text = isFile ? '' : new TextDecoder().decode(bytes);
  if (text === '' || text.length > MAX_ID_CHARACTERS) {
    throw invalid(`form: ${name} is no text of 1 to ${MAX_ID_CHARACTERS} characters`);
  }
  return text;
}

const REFUSED = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  429: 'TOO_MANY_REQUESTS',
} as const satisfies Record<Refusal['http'], keyof typeof PASSIVE_ERRORS>;

function toPassiveError(error: unknown): PassiveError {
  if (error instanceof PassiveError) return error;
  if (error instanceof DocvalError && error.code === 'INVALID_CLIENT_ID') {
    return new PassiveError('INVALID_CLIENT_ID', 'client_id is not known', { cause: error });
  }
  if (error instanceof ServerError) {
    const refusal = refusalOf(error);
    if (refusal !== undefined) {
      const { http, message, headers } = refusal;
      return new PassiveError(REFUSED[http], message, { cause: error, headers });
    }
    switch (error.code) {
      case 'BODY_TOO_LARGE':
        return new PassiveError('TOO_LARGE', error.message, { cause: error });
      case 'BODY_TIMEOUT':
        return new PassiveError('TIMEOUT', error.message, { cause: error });
      case 'BODY_TRUNCATED':
      case 'FORM_INVALID':
        return invalid(error.message, { cause: error });
      case 'LICENCE_INVALID':
        return new PassiveError('LICENCE_INVALID', `License invalid: ${error.message}`, {
          cause: error,
        });
      case 'BUSY':
        return new PassiveError('BUSY', 'Server busy', {
          cause: error,
          headers: { 'Retry-After': '1' },
        });
    }
  }
  return new PassiveError('SERVER_ERROR', 'Server Error', { cause: error });
}

function render({ code, message, headers }: PassiveError): Response {
  return Response.json({ error: { code, message } }, {
    status: PASSIVE_ERRORS[code].http,
    headers,
  });
}
