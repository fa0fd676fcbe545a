/** What sessions of all versions share: who may use the service, what to trust, where results go. */
import type { TrustStore } from '../../emrtd/mod.ts';
import type { Access } from '../core/access/guard.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import { ServerError } from '../core/errors.ts';
import type { BodyLimits } from '../core/http/body.ts';
import type { Gate } from '../core/http/gate.ts';
import type { JpegConverter } from '../core/image/jpeg-converter.ts';
import type { SigningKey } from '../core/keys/signing-key.ts';
import type { Admission, Pass } from '../core/licence/licensing.ts';
import type { Logger } from '../core/logging.ts';
import type { Clients, DocvalClient } from './clients.ts';
import { DocvalError } from './errors.ts';
import type { DocvalLimits } from './limits.ts';
import type { DocvalObserver } from './observer.ts';
import { type DocvalResult, makeResult, type ResultRequest } from './result.ts';
import { resultBody, type ResultPoster } from './result-server.ts';
import type { SocketSession } from './socket-session.ts';

/** Signs results, and says which key it is. */
type ResultSigner = Pick<SigningKey, 'sign' | 'keyId'>;

export interface DocvalDeps {
  /** Of `/v4/validate`; sockets let clients in by their ids. */
  readonly access: Access;
  readonly clients: Clients;
  readonly trust: { current(): Promise<TrustStore>; readable?(): Promise<boolean> };
  readonly poster: ResultPoster;
  readonly licensing: Admission;
  readonly audit: AuditSink;
  readonly limits: DocvalLimits;
  readonly gate: Gate;
  readonly log: Logger;
  /** Counts sessions and documents; without it they are not counted. */
  readonly observer?: DocvalObserver;
  readonly body: BodyLimits;
  /** Time for validity periods. */
  readonly now: () => Date;
  /** Signs results for clients that ask; without it none is signed. */
  readonly signingKey?: ResultSigner;
  /** Makes JPEG of portraits for clients that are configured so. */
  readonly converter?: Pick<JpegConverter, 'toJpeg'>;
}

/** Readings under way, counted against the limit and against the shutdown of the server. */
export class Readings {
  readonly #gate: Gate;
  readonly #most: number;
  #count = 0;

  constructor(gate: Gate, most: number) {
    this.#gate = gate;
    this.#most = most;
  }

  /**
   * Counts a reading in; call the returned function once when it has ended.
   * @throws DocvalError SERVER_ERROR when there are too many or the server is shutting down
   */
  enter(): () => void {
    if (this.#count >= this.#most) {
      throw new DocvalError('SERVER_ERROR', `${this.#most} documents are being read`);
    }
    let leave: () => void;
    try {
      leave = this.#gate.enter();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      throw new DocvalError('SERVER_ERROR', 'not taken in', { cause: error });
    }
    this.#count++;
    return () => {
      this.#count--;
      leave();
    };
  }
}

/** @throws DocvalError INVALID_CLIENT_ID */
export function knownClient(clients: Clients, clientId: string): DocvalClient {
  const client = clients.find(clientId);
  if (client === undefined) {
    const reason = clients.count === 0 ? 'no clients are configured' : 'unknown client id';
    throw new DocvalError('INVALID_CLIENT_ID', reason);
  }
  return client;
}

/**
 * Lets a client in by the licence and writes into the audit trail that it came.
 * @param session as in the log
 * @throws ServerError LICENCE_INVALID, STORAGE_FAILED
 */
export async function admitClient(
  { licensing, audit }: Pick<DocvalDeps, 'licensing' | 'audit'>,
  { name }: DocvalClient,
  session: string,
  protocol: 'v1' | 'v2' | 'v4',
): Promise<Pass> {
  const pass = licensing.admit({ features: ['docval'], client: name });
  try {
    await audit.record({ kind: 'docval-session', session, protocol }, { type: 'client', name });
    return pass;
  } catch (error) {
    pass.release();
    throw error;
  }
}

/** Facts about the client and the session for the log: no key, and no id that the client chose. */
export function clientFacts(client: DocvalClient, validationId: string): Record<string, string> {
  const digest = new Bun.CryptoHasher('sha256').update(validationId).digest('hex');
  return { client: client.name, validation_sha256: digest.slice(0, 16) };
}

/**
 * Makes the result of a document and gives it to the client's result server.
 * @throws DocvalError POST_TO_RESULT_SERVER_FAILED
 */
export async function deliverResult(
  session: SocketSession,
  deps: DocvalDeps,
  request: Omit<ResultRequest, 'session'>,
): Promise<DocvalResult> {
  const result = await makeResult(deps, { ...request, session: session.id }, session.signal);
  const { passport } = result;
  session.facts.passive_authentication = passport.passive_authentication;
  session.facts.chip_authentication = passport.chip_authentication_result;
  session.facts.active_authentication = passport.active_authentication_result;
  session.facts.errors = passport.errors.length;
  const { client, validationId } = request;
  if (client.result_server !== undefined) {
    const body = resultBody(result, validationId);
    session.facts.post_tries = await deps.poster.post(client, body, session.signal);
  }
  return result;
}
