/** One match request from bytes to answer: let in, read, check, compare, render, log. */
import type { MatchKind } from '../../biometrics/match/rating.ts';
import type { FaceService } from '../core/face/service.ts';
import { type BodyLimits, readBody } from '../core/http/body.ts';
import { startDeadline } from '../core/http/deadline.ts';
import type { Gate } from '../core/http/gate.ts';
import { type JsonLimits, parseJson } from '../core/http/json.ts';
import type { Logger } from '../core/logging.ts';
import { ServerError } from '../core/errors.ts';
import { IdentyError, toIdentyError } from './errors.ts';
import { matchFaces, type MatchOutcome } from './match.ts';
import { parseMatchRequest } from './match-request.ts';
import { newRefid } from './refid.ts';
import { renderError, renderMatch } from './render.ts';
import { logError, logMatch, type RequestRecord } from './request-log.ts';

export interface IdentyDeps {
  readonly faces: FaceService;
  readonly gate: Gate;
  readonly log: Logger;
  readonly body: BodyLimits;
  readonly deadlineMs: number;
}

/** A match request has three members, two of them with two members. */
const JSON_LIMITS: JsonLimits = { maxDepth: 16, maxValues: 1000 };

export interface MatchEndpoint {
  readonly path: string;
  readonly kind: MatchKind;
}

export async function handleMatch(
  request: Request,
  endpoint: MatchEndpoint,
  deps: IdentyDeps,
): Promise<Response> {
  const record: RequestRecord = {
    refid: newRefid('MATCH121'),
    endpoint: endpoint.path,
    headers: request.headers,
    startedMs: performance.now(),
    bytesIn: 0,
  };
  try {
    const outcome = await match(request, endpoint, deps, record);
    logMatch(deps.log, record, outcome);
    return renderMatch(record.refid, outcome, endpoint.kind === 'selfie');
  } catch (thrown) {
    const error = toIdentyError(thrown);
    logError(deps.log, record, error);
    return renderError(record.refid, error);
  }
}

async function match(
  request: Request,
  endpoint: MatchEndpoint,
  deps: IdentyDeps,
  record: RequestRecord,
): Promise<MatchOutcome> {
  const leave = deps.gate.enter();
  try {
    if (!deps.faces.ready) throw new ServerError('BUSY', 'face engine is not ready');
    checkContentType(request.headers);
    const body = await readBody(request, deps.body);
    record.bytesIn = body.bytes.length;
    const deadline = startDeadline(request.signal, deps.deadlineMs);
    try {
      const match = parseMatchRequest(parseJson(body.bytes, JSON_LIMITS));
      return await matchFaces(match, endpoint.kind, deps.faces, deadline.signal);
    } finally {
      deadline.clear();
      body.release();
    }
  } finally {
    leave();
  }
}

/** JSON, or nothing said; as it is, not compressed. */
function checkContentType(headers: Headers): void {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity') {
    throw new IdentyError(
      'ERROR_INVALID_JSON',
      'INVALID ARGUMENT EXCEPTION: the body must not have a Content-Encoding',
    );
  }
  const type = headers.get('content-type')?.split(';')[0].trim().toLowerCase();
  if (type === undefined || type === '' || type === 'application/json') return;
  throw new IdentyError(
    'ERROR_INVALID_JSON',
    'INVALID ARGUMENT EXCEPTION: Content-Type must be application/json',
  );
}
