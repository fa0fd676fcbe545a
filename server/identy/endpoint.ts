/** One request of any endpoint from bytes to answer: let in, read, do, render, log. */
import type { KeyObject } from 'node:crypto';
import type { Pack } from '../../models/mod.ts';
import type { Access } from '../core/access/guard.ts';
import type { Scope } from '../core/access/scopes.ts';
import type { FaceService } from '../core/face/service.ts';
import { type BodyLimits, readBody } from '../core/http/body.ts';
import { startDeadline } from '../core/http/deadline.ts';
import type { Gate } from '../core/http/gate.ts';
import type { Feature } from '../core/licence/format.ts';
import type { Admission } from '../core/licence/licensing.ts';
import type { Peer } from '../core/http/peer.ts';
import type { Logger } from '../core/logging.ts';
import type { Registry } from '../core/metrics/registry.ts';
import { ServerError } from '../core/errors.ts';
import type { Captures } from './captures.ts';
import { toIdentyError } from './errors.ts';
import { mediaType } from './media-type.ts';
import type { CountAnswer } from './observe.ts';
import { newRefid, type RefidAction } from './refid.ts';
import { renderError } from './render.ts';
import { logError, logOutcome, type RequestRecord } from './request-log.ts';

export interface IdentyDeps {
  /** Opens sealed captures; without it the endpoints that take them are not there. */
  readonly captures?: Captures;
  /** Key of the integrator, where templates are to be encrypted. */
  readonly templateKey?: KeyObject;
  readonly access: Access;
  readonly faces: FaceService;
  /** The model pack in use, for the networks of the Face SDK; undefined until the engine is ready. */
  readonly pack: () => Pack | undefined;
  readonly licensing: Admission;
  readonly gate: Gate;
  readonly log: Logger;
  readonly registry: Registry;
  readonly body: BodyLimits;
  /** Time from the last byte of a body to the answer, asked for each request. */
  readonly deadlineMs: () => number;
}

/** A request that has arrived. */
export interface Arrived {
  readonly bytes: Uint8Array;
  /** Lower case without parameters; undefined when nothing was said. */
  readonly mediaType: string | undefined;
  /** The whole header, with the boundary of a form. */
  readonly contentType: string;
}

/** What a use case is given beside its request. */
export interface Call {
  readonly faces: FaceService;
  readonly refid: string;
  /** Ends when the deadline has passed or the client has left. */
  readonly signal: AbortSignal;
}

/** What an endpoint answers, and what of it goes into the log. */
export interface Answer {
  readonly response: Response;
  /** `feedbackCode` of the answer. */
  readonly outcome: string;
  readonly code: number;
  readonly timingsMs: Readonly<Record<string, number>>;
  /** At log level debug only. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Endpoint {
  readonly path: string;
  /** `REQUEST` for what everybody may ask: nothing is licensed or billed. */
  readonly action: RefidAction;
  /** What the licence must include. */
  readonly features: readonly Feature[];
  /** What an API key must be for; nothing: none is needed. */
  readonly scopes: readonly Scope[];
  /** Media types that a request may have; one that says none passes. */
  readonly accepts: readonly string[] | 'any';
  /** The most a body may have where that is less than the limit of the installation. */
  readonly limitBytes?: number;
  /** @throws whatever `toIdentyError` knows */
  run(request: Arrived, call: Call): Promise<Answer>;
}

/** Code of the answers that are billed: not of refusals, nor of captures to be taken again. */
const BILLED_CODE = 200;

export async function handle(
  request: Request,
  peer: Peer,
  endpoint: Endpoint,
  deps: IdentyDeps,
  count: CountAnswer,
): Promise<Response> {
  const record: RequestRecord = {
    refid: newRefid(endpoint.action),
    endpoint: endpoint.path,
    headers: request.headers,
    startedMs: performance.now(),
    bytesIn: 0,
  };
  try {
    const { headers } = request;
    record.caller = await deps.access.check({ headers, peer, scopes: endpoint.scopes });
    const answer = await run(request, endpoint, deps, record);
    logOutcome(deps.log, record, answer);
    count(endpoint.path, answer.outcome);
    return answer.response;
  } catch (thrown) {
    const error = toIdentyError(thrown, endpoint.action);
    logError(deps.log, record, error);
    count(endpoint.path, error.feedbackCode);
    return renderError(record.refid, error);
  }
}

async function run(
  request: Request,
  endpoint: Endpoint,
  deps: IdentyDeps,
  record: RequestRecord,
): Promise<Answer> {
  const leave = deps.gate.enter();
  try {
    if (!deps.faces.ready) throw new ServerError('BUSY', 'face engine is not ready');
    const { features, action } = endpoint;
    if (action === 'REQUEST') return await runAdmitted(request, endpoint, deps, record);
    const { headers } = request;
    const pass = deps.licensing.admit({ features, headers, client: record.caller?.name });
    try {
      const answer = await runAdmitted(request, endpoint, deps, record);
      if (answer.code === BILLED_CODE) {
        await pass.bill({ refid: record.refid, action, outcome: 'answer' });
      }
      return answer;
    } finally {
      pass.release();
    }
  } finally {
    leave();
  }
}

async function runAdmitted(
  request: Request,
  endpoint: Endpoint,
  deps: IdentyDeps,
  record: RequestRecord,
): Promise<Answer> {
  const type = mediaType(request.headers, endpoint.accepts);
  const limitBytes = Math.min(deps.body.limitBytes, endpoint.limitBytes ?? Infinity);
  const body = await readBody(request, { ...deps.body, limitBytes });
  record.bytesIn = body.bytes.length;
  const deadline = startDeadline(request.signal, deps.deadlineMs());
  try {
    const contentType = request.headers.get('content-type') ?? '';
    return await endpoint.run({ bytes: body.bytes, mediaType: type, contentType }, {
      faces: deps.faces,
      refid: record.refid,
      signal: deadline.signal,
    });
  } finally {
    deadline.clear();
    body.release();
  }
}
