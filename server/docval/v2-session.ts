/**
 * One session of `/ws2/validate`: the client opens the chip and reads its files; the server runs chip
 * authentication on the client's channel, sets the challenge of active authentication, and judges.
 */
import { CHALLENGE_BYTES, EmrtdError } from '../../emrtd/mod.ts';
import type { Pass } from '../core/licence/licensing.ts';
import { camelCased } from './camel-case.ts';
import { ChipRelay } from './chip-relay.ts';
import type { DocvalClient } from './clients.ts';
import { type CloseReason, DocvalError, docvalErrorIn } from './errors.ts';
import { type ChipEvidence, groupNumber, judgeFiles } from './given-files.ts';
import {
  admitClient,
  clientFacts,
  deliverResult,
  type DocvalDeps,
  knownClient,
  type Readings,
} from './service.ts';
import type { SocketSession } from './socket-session.ts';
import { runChipAuthentication } from './v2-chip-authentication.ts';
import {
  apduFrame,
  fileFrame,
  type Finish,
  type Handover,
  parseBinaryFrame,
  parseClientMessage,
  type ServerMessage,
  type StartV2,
  writeServerMessage,
} from './v2-messages.ts';

/** EF.SOD, EF.COM and sixteen data groups, and some that we do not know. */
const MAX_FILES = 32;
/** Diagnostics of one client; they are counted and not kept. */
const MAX_MONITORING = 1000;

/** The text before the close frame. */
export function closeTextV2(code: number, reason: CloseReason | undefined): string {
  return writeServerMessage({ type: 'CLOSE', code, ...(reason && { reason }) });
}

/** What the client may say next: START; then files, CA_HANDOVER, FINISH; nothing while the server works. */
type Phase = 'waiting' | 'reading' | 'handed-over' | 'finishing';

export class V2Session {
  readonly #session: SocketSession;
  readonly #deps: DocvalDeps;
  readonly #readings: Readings;
  readonly #relay: ChipRelay;
  readonly #challenge = crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES));
  readonly #files = new Map<string, Uint8Array>();
  #phase: Phase = 'waiting';
  #start: StartV2 | undefined;
  #client: DocvalClient | undefined;
  /** Settled before ACCEPT is sent; frames of a client that does not wait for it are taken meanwhile. */
  #pass: Promise<Pass> | undefined;
  #bytes = 0;
  #monitoring = 0;
  #chipAuthentication: ChipEvidence['chipAuthentication'];

  constructor(session: SocketSession, deps: DocvalDeps, readings: Readings) {
    this.#session = session;
    this.#deps = deps;
    this.#readings = readings;
    this.#relay = new ChipRelay((command) => session.sendCommand(apduFrame(command)));
  }

  text(text: string): void {
    this.#guard(() => {
      const message = parseClientMessage(text);
      switch (message.type) {
        case 'START':
          return this.#accept(message);
        case 'CA_HANDOVER':
          return this.#takeOver(message);
        case 'FINISH':
          return this.#finish(message);
        case 'MONITORING':
          return this.#monitor();
      }
    });
  }

  binary(bytes: Uint8Array): void {
    this.#guard(() => {
      const frame = parseBinaryFrame(bytes);
      if (frame.kind === 'file') return this.#takeFile(frame.name, frame.data);
      this.#relay.deliver(frame.data);
      this.#session.arrived();
    });
  }

  /** Whatever a message leads to, its error ends the session. */
  #guard(body: () => void): void {
    try {
      body();
    } catch (error) {
      this.#session.fail(error);
    }
  }

  #send(message: ServerMessage): void {
    this.#session.send(writeServerMessage(message));
  }

  /** @throws DocvalError UNEXPECTED_MESSAGE */
  #demand(phase: Phase, what: string): void {
    if (this.#phase !== phase) {
      throw new DocvalError('UNEXPECTED_MESSAGE', `${what} while ${this.#phase}`);
    }
  }

  #accept(start: StartV2): void {
    this.#demand('waiting', 'START');
    const client = knownClient(this.#deps.clients, start.clientId);
    Object.assign(this.#session.facts, clientFacts(client, start.validationId));
    const leave = this.#readings.enter();
    this.#session.signal.addEventListener('abort', () => {
      leave();
      this.#pass?.then((pass) => pass.release(), () => {});
      this.#files.clear();
    }, { once: true });
    this.#start = start;
    this.#client = client;
    this.#phase = 'reading';
    // the client now speaks to the chip alone, for as long as a session may take
    this.#session.arrived();
    this.#pass = admitClient(this.#deps, client, this.#session.id, 'v2');
    void this.#pass.then(() =>
      this.#send({
        type: 'ACCEPT',
        activeAuthenticationChallenge: this.#challenge.toBase64(),
      })
    ).catch((error) => this.#session.fail(error));
  }

  #monitor(): void {
    if (this.#phase === 'waiting') this.#demand('reading', 'MONITORING');
    if (++this.#monitoring > MAX_MONITORING) {
      throw new DocvalError('PROTOCOL_ERROR', `more than ${MAX_MONITORING} MONITORING messages`);
    }
  }

  #takeFile(name: string, data: Uint8Array): void {
    this.#demand('reading', 'a file');
    const known = this.#files.get(name);
    // DG1 was read by the server; clients that send theirs as well must have the same
    if (known !== undefined && !equal(known, data)) {
      throw new DocvalError('PROTOCOL_ERROR', 'a file was sent twice with other contents');
    }
    if (known !== undefined) return;
    this.#bytes += data.length;
    const { maxDocumentBytes } = this.#deps.limits;
    if (this.#bytes > maxDocumentBytes || this.#files.size >= MAX_FILES) {
      throw new DocvalError('PROTOCOL_ERROR', 'more files than a document has');
    }
    this.#files.set(name, data);
  }

  #takeOver(handover: Handover): void {
    this.#demand('reading', 'CA_HANDOVER');
    if (this.#chipAuthentication !== undefined) {
      throw new DocvalError('UNEXPECTED_MESSAGE', 'a second CA_HANDOVER');
    }
    this.#phase = 'handed-over';
    void this.#authenticateChip(handover).catch((error) => this.#session.fail(readerError(error)));
  }

  async #authenticateChip(handover: Handover): Promise<void> {
    await this.#pass;
    const dg14 = this.#files.get('dg14');
    if (dg14 === undefined) {
      throw new DocvalError('UNEXPECTED_MESSAGE', 'CA_HANDOVER before the file dg14');
    }
    const run = await runChipAuthentication({
      handover,
      dg14,
      extendedLength: this.#start?.nfcAdapterSupportsExtendedLength === true,
      transceiver: this.#relay,
      apduTimeoutMs: 2 * this.#deps.limits.responseTimeoutMs,
      signal: this.#session.signal,
    });
    const { outcome, reason, keys, dg1 } = run;
    this.#session.facts.handover = outcome;
    if (outcome !== 'UNAVAILABLE') {
      this.#chipAuthentication = { proven: outcome === 'SUCCESS', reason };
    }
    if (dg1 !== undefined) {
      this.#phase = 'reading';
      this.#takeFile('dg1', dg1);
      this.#session.send(fileFrame('dg1', dg1));
    }
    this.#phase = 'reading';
    this.#send({
      type: 'CA_HANDBACK',
      checkResult: outcome,
      secureMessagingInfo: keys,
      ...(outcome === 'FAILED' && { errorMessage: 'chip authentication failed' }),
    });
  }

  #finish(finish: Finish): void {
    this.#demand('reading', 'FINISH');
    this.#phase = 'finishing';
    void this.#judge(finish).catch((error) => this.#session.fail(error));
  }

  async #judge(finish: Finish): Promise<void> {
    const [start, client, pass] = [this.#start, this.#client, await this.#pass];
    const sod = this.#files.get('sod');
    if (start === undefined || client === undefined || pass === undefined) {
      throw new TypeError('not started');
    }
    if (sod === undefined) throw new DocvalError('FILE_READ_ERROR', 'FINISH without the file sod');
    const trust = await this.#deps.trust.current();
    const { activeAuthenticationSignature: signature } = finish;
    const document = judgeFiles({ sod, groups: this.#groups() }, {
      trust,
      at: this.#deps.now(),
      evidence: {
        chipAuthentication: this.#chipAuthentication,
        challenge: this.#challenge,
        signature: signature == null ? undefined : Uint8Array.fromBase64(signature),
      },
    });
    const { passport, signedResult } = await deliverResult(this.#session, this.#deps, {
      client,
      pass,
      action: 'DOCVAL2',
      validationId: start.validationId,
      signed: start.signedResult === true,
      document,
      trust,
    });
    if (finish.sendResult && client.return_result) {
      this.#send({ type: 'RESULT', passport: camelCased(passport), signedResult });
    }
    this.#session.end();
  }

  #groups(): Map<number, Uint8Array> {
    const groups = new Map<number, Uint8Array>();
    for (const [name, bytes] of this.#files) {
      const group = groupNumber(name);
      if (group !== undefined) groups.set(group, bytes);
    }
    return groups;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function readerError(error: unknown): unknown {
  if (!(error instanceof EmrtdError)) return error;
  return docvalErrorIn(error) ??
    new DocvalError('EMRTD_PASSPORT_READER_ERROR', 'chip authentication', { cause: error });
}
