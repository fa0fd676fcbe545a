/** The two routes of the compare page: compare two photos, say what engine does it. */
import { Hono } from 'hono';
import type { Access, Caller } from '../core/access/guard.ts';
import type { FaceService } from '../core/face/service.ts';
import { ServerError } from '../core/errors.ts';
import { type BodyLimits, readBody } from '../core/http/body.ts';
import { startDeadline } from '../core/http/deadline.ts';
import { boundaryOf } from '../core/http/form.ts';
import type { Gate } from '../core/http/gate.ts';
import { type Peer, peerOf, type WithPeer } from '../core/http/peer.ts';
import type { Admission } from '../core/licence/licensing.ts';
import type { Logger } from '../core/logging.ts';
import type { CompareAnswer, ErrorAnswer, InfoAnswer } from './answer.ts';
import { comparePhotos } from './compare.ts';
import { busy, PlaygroundError, toPlaygroundError, wrongMethod } from './errors.ts';
import { describeEngine, type EngineInfo } from './info.ts';
import { readPhotos } from './photos.ts';

export interface PlaygroundDeps {
  readonly access: Access;
  readonly faces: FaceService;
  readonly licensing: Admission;
  readonly gate: Gate;
  readonly log: Logger;
  readonly body: BodyLimits;
  /** Time from the last byte of a body to the answer, asked for each request. */
  readonly deadlineMs: () => number;
  /** The engine in use, undefined until it has started. */
  readonly engine: () => EngineInfo | undefined;
}

const COMPARE = '/playground/compare';
const INFO = '/playground/info';

export function playgroundRoutes(deps: PlaygroundDeps): Hono<WithPeer> {
  const app = new Hono<WithPeer>();
  app.post(COMPARE, (c) => handleCompare(c.req.raw, peerOf(c), deps));
  app.all(COMPARE, () => renderError(wrongMethod('POST')));
  app.get(INFO, () => {
    const engine = deps.engine();
    return engine === undefined
      ? renderError(busy('face engine is starting'))
      : json(200, describeEngine(engine, deps.body.limitBytes));
  });
  app.all(INFO, () => renderError(wrongMethod('GET, HEAD')));
  app.all('/playground/*', () => renderError(new PlaygroundError('NOT_FOUND', 'No such endpoint')));
  return app;
}

async function handleCompare(
  request: Request,
  peer: Peer,
  deps: PlaygroundDeps,
): Promise<Response> {
  const record: RequestRecord = {
    refid: crypto.randomUUID(),
    startedMs: performance.now(),
    bytesIn: 0,
  };
  try {
    const { headers } = request;
    record.caller = await deps.access.check({ headers, peer, scopes: ['match'] });
    const answer = await compare(request, deps, record);
    deps.log.info('request', {
      ...logFields(record),
      outcome: 'COMPARED',
      http: 200,
      stages_ms: { a: answer.photos.a.timingsMs, b: answer.photos.b.timingsMs },
    });
    return json(200, answer);
  } catch (thrown) {
    const error = toPlaygroundError(thrown);
    logFailure(error, record, deps.log);
    return renderError(error);
  }
}

interface RequestRecord {
  readonly refid: string;
  readonly startedMs: number;
  bytesIn: number;
  caller?: Caller | undefined;
}

async function compare(
  request: Request,
  deps: PlaygroundDeps,
  record: RequestRecord,
): Promise<CompareAnswer> {
  const leave = deps.gate.enter();
  try {
    if (!deps.faces.ready) throw new ServerError('BUSY', 'face engine is not ready');
    const pass = deps.licensing.admit({ features: ['face-match'], client: record.caller?.name });
    try {
      const answer = await compareBody(request, deps, record);
      await pass.bill({ refid: record.refid, action: 'COMPARE', outcome: 'answer' });
      return answer;
    } finally {
      pass.release();
    }
  } finally {
    leave();
  }
}

async function compareBody(
  request: Request,
  deps: PlaygroundDeps,
  record: RequestRecord,
): Promise<CompareAnswer> {
  const contentType = request.headers.get('content-type') ?? '';
  // refused before the body is read where it cannot be a form
  boundaryOf(contentType);
  const body = await readBody(request, deps.body);
  record.bytesIn = body.bytes.length;
  const deadline = startDeadline(request.signal, deps.deadlineMs());
  try {
    const photos = readPhotos(body.bytes, contentType);
    return await comparePhotos(photos, deps.faces, deadline.signal);
  } finally {
    deadline.clear();
    body.release();
  }
}

function logFields(record: RequestRecord): { [field: string]: unknown } {
  return {
    refid: record.refid,
    endpoint: COMPARE,
    bytes_in: record.bytesIn,
    ...(record.caller && { caller: record.caller.name }),
    total_ms: Math.round((performance.now() - record.startedMs) * 10) / 10,
  };
}

/** Our own errors say why without saying who; of any other error only the class is safe to keep. */
function logFailure(error: PlaygroundError, record: RequestRecord, log: Logger): void {
  const { cause } = error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  const known = cause instanceof Error && typeof code === 'string';
  log[error.http === 500 ? 'error' : error.http === 503 ? 'warn' : 'info']('request', {
    ...logFields(record),
    outcome: error.code,
    http: error.http,
    cause: known ? `${code}: ${cause.message}` : (cause as Error | undefined)?.name,
  });
}

function renderError({ code, message, photo, http, headers }: PlaygroundError): Response {
  return json(http, { error: { code, message, ...(photo ? { photo } : {}) } }, headers);
}

function json(
  status: number,
  body: CompareAnswer | InfoAnswer | ErrorAnswer,
  headers: { [name: string]: string } = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}
