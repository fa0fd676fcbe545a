/**
 * One session of `/ws1/validate`: the server reads the chip through the client and says at each step where
 * it is. Statuses, order and close reasons as in "DocVal Server - WebSocket API".
 */
import {
  type AccessPassword,
  type DocumentResult,
  EmrtdError,
  readDocument,
  type ReadEvent,
  type ReadStep,
} from '../../emrtd/mod.ts';
import type { Pass } from '../core/licence/licensing.ts';
import { ChipRelay } from './chip-relay.ts';
import type { DocvalClient } from './clients.ts';
import { type CloseReason, DocvalError, docvalErrorIn } from './errors.ts';
import { MAX_TEXT_CHARACTERS } from './limits.ts';
import { documentChecks } from './named-checks.ts';
import { documentProblems } from './passport-errors.ts';
import type { JudgedDocument } from './passport.ts';
import {
  admitClient,
  clientFacts,
  deliverResult,
  type DocvalDeps,
  knownClient,
  type Readings,
} from './service.ts';
import type { SocketSession } from './socket-session.ts';
import {
  accessPassword,
  apduLengths,
  parseStartMessage,
  type StartMessage,
} from './start-message.ts';

/** The steps that clients know; the reader has more of its own. */
const STATUSES: ReadonlySet<ReadStep> = new Set<ReadStep>([
  'READ_ATR_INFO',
  'ACCESS_CONTROL',
  'READ_SOD',
  'READ_DG14',
  'CHIP_AUTHENTICATION',
  'READ_DG15',
  'ACTIVE_AUTHENTICATION',
  'READ_DG1',
  'READ_DG2',
  'READ_DG7',
  'READ_DG11',
  'READ_DG12',
  'PASSIVE_AUTHENTICATION',
  'DONE',
]);

/** The text before the close frame. */
export function closeTextV1(code: number, reason: CloseReason | undefined): string {
  return JSON.stringify({ close_code: code, ...(reason && { close_reason: reason }) });
}

/** A start message that was found good. */
interface Admitted {
  start: StartMessage;
  client: DocvalClient;
  password: AccessPassword;
}

export class V1Session {
  readonly #session: SocketSession;
  readonly #deps: DocvalDeps;
  readonly #readings: Readings;
  readonly #returnResult: boolean;
  readonly #relay: ChipRelay;
  #started = false;
  #step: ReadStep = 'ACCESS_CONTROL';

  constructor(
    session: SocketSession,
    deps: DocvalDeps,
    readings: Readings,
    returnResult: boolean,
  ) {
    this.#session = session;
    this.#deps = deps;
    this.#readings = readings;
    this.#returnResult = returnResult;
    this.#relay = new ChipRelay((command) => session.sendCommand(command));
  }

  text(text: string): void {
    if (this.#started) {
      this.#session.end('UNEXPECTED_MESSAGE', new DocvalError('UNEXPECTED_MESSAGE', 'second text'));
      return;
    }
    this.#started = true;
    this.#session.arrived();
    void this.#run(text).catch((error) => this.#session.fail(error));
  }

  binary(bytes: Uint8Array): void {
    try {
      this.#relay.deliver(bytes);
      this.#session.arrived();
    } catch (error) {
      this.#session.fail(error);
    }
  }

  #admit(text: string): Admitted {
    if (text.length > MAX_TEXT_CHARACTERS) {
      throw new DocvalError('PROTOCOL_ERROR', `a text of ${text.length} characters`);
    }
    const start = parseStartMessage(text);
    const client = knownClient(this.#deps.clients, start.client_id);
    Object.assign(this.#session.facts, clientFacts(client, start.validation_id));
    return { start, client, password: accessPassword(start.access_key) };
  }

  async #run(text: string): Promise<void> {
    const admitted = this.#admit(text);
    const leave = this.#readings.enter();
    try {
      const pass = await admitClient(this.#deps, admitted.client, this.#session.id, 'v1');
      try {
        await this.#validate(admitted, pass);
      } finally {
        pass.release();
      }
    } finally {
      leave();
    }
  }

  async #validate({ start, client, password }: Admitted, pass: Pass): Promise<void> {
    const session = this.#session;
    const trust = await this.#deps.trust.current();
    const { limits, now } = this.#deps;
    const result = await readDocument({
      transceiver: this.#relay,
      password,
      trust,
      clock: now,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      ...apduLengths(start),
      // the session has its own clocks for a silent client; these only stop what would outlast them
      limits: {
        apduTimeoutMs: 2 * limits.responseTimeoutMs,
        stepTimeoutMs: 2 * limits.sessionTimeoutMs,
      },
      signal: session.signal,
      onEvent: (event) => this.#report(event),
    }).catch((error) => {
      throw this.#readingEnded(error);
    });
    this.#noteReading(result);
    const document = judged(result);
    const { passport, signedResult } = await deliverResult(session, this.#deps, {
      client,
      pass,
      action: 'DOCVAL1',
      validationId: start.validation_id,
      signed: start.signed_result === true,
      document,
      trust,
    });
    if (this.#returnResult && client.return_result) {
      session.send(JSON.stringify({ emrtd_passport: passport, signed_result: signedResult }));
    }
    session.end();
  }

  #report(event: ReadEvent): void {
    if (event.type !== 'started') return;
    this.#step = event.step;
    if (STATUSES.has(event.step)) this.#session.send(JSON.stringify({ status: event.step }));
  }

  #noteReading({ access, statistics }: DocumentResult): void {
    const { facts } = this.#session;
    facts.access = access.protocol === 'PACE' ? `PACE-${access.info.mapping}` : access.protocol;
    facts.apdus = statistics.apdus;
    facts.reconnects = statistics.reconnects;
  }

  #readingEnded(error: unknown): unknown {
    if (!(error instanceof EmrtdError)) return error;
    const ours = docvalErrorIn(error);
    if (ours !== undefined) return ours;
    this.#session.facts.step = this.#step;
    return new DocvalError(closeReasonOf(error, this.#step), 'reading ended', { cause: error });
  }
}

/** The reason that belongs to an error of the reader, by what it was doing. */
function closeReasonOf({ code }: EmrtdError, step: ReadStep): CloseReason {
  if (code === 'TRANSCEIVE_FAILED') return 'COMMUNICATION_FAILED';
  if (code === 'TIMEOUT') return 'TIMEOUT_WHILE_WAITING_FOR_RESPONSE';
  if (step === 'ACCESS_CONTROL') return 'ACCESS_CONTROL_FAILED';
  return step.startsWith('READ_') ? 'FILE_READ_ERROR' : 'EMRTD_PASSPORT_READER_ERROR';
}

/**
 * What the renderer needs of a result.
 * @throws DocvalError FILE_READ_ERROR when nothing of the document could be read
 */
function judged(result: DocumentResult): JudgedDocument {
  const { files, groups } = result;
  if (files.sod === undefined && files.groups.size === 0) {
    throw new DocvalError('FILE_READ_ERROR', 'neither EF.SOD nor a data group could be read');
  }
  return {
    groups,
    files,
    passive: result.passiveAuthentication,
    chip: [result.chipAuthentication.outcome, result.chipAuthenticationMapping.outcome],
    active: result.activeAuthentication.outcome,
    checks: documentChecks(result),
    errors: documentProblems(result),
  };
}
