/**
 * Lets requests in by the licence and bills what is answered. Without a licence the server is on evaluation:
 * on this machine only, and every answer says so.
 */
import { ServerError } from '../errors.ts';
import { isLoopback } from '../http/loopback.ts';
import type { Ledger, Transaction } from '../ledger/ledger.ts';
import type { Logger } from '../logging.ts';
import { Records } from '../records.ts';
import { hostsOf, licensedDomain } from './domains.ts';
import type { Feature, Licence } from './format.ts';
import { type Standing, standingOf } from './standing.ts';

/** Header of every answer unless the licence is simply valid. */
export const LICENCE_HEADER = 'Gatehouse-Licence';

/** How often the standing of the licence and the age of the last row are looked at. */
const WATCH_MS = 60_000;
/** How often the ledger is looked at: whether it is there, what other nodes have billed, whether it takes rows again. */
const LOOK_MS = 1_000;
/** A row at least this often, so that the ledger knows the time. */
const HEARTBEAT_MS = 3_600_000;
/** What an attacker who can write the database may cut off unseen is younger than this. */
const CHECKPOINT_MS = 300_000;

/** A request that was let in. */
export interface Pass {
  /**
   * Bills the request; it may be answered when this resolves.
   * @throws ServerError STORAGE_FAILED: it must not be answered
   */
  bill(transaction: Pick<Transaction, 'refid' | 'action' | 'outcome'>): Promise<void>;
  /** Gives its place in the volume back unless it was billed; call when the request has ended. */
  release(): void;
}

/** Who asks for what. */
export interface Demand {
  readonly features: readonly Feature[];
  /** Of a request that must come from a licensed domain. */
  readonly headers?: Headers;
  /** The client by its name in the configuration. */
  readonly client?: string;
}

/** As far as an API family needs it. */
export type Admission = Pick<Licensing, 'admit' | 'writable'>;

/** For what is free: demonstrations with specimens. */
export const FREE: Admission = {
  writable: true,
  admit: () => ({ bill: async () => {}, release() {} }),
};

/** @throws ServerError CONFIG_INVALID for an address beyond this machine without a licence */
export function checkAddress(licence: Licence | undefined, host: string): void {
  if (licence !== undefined || isLoopback(host)) return;
  throw new ServerError(
    'CONFIG_INVALID',
    `without a licence the server listens on this machine only, not on ${host}: ` +
      'set licence.file (SERVER_CONFIG_PATH) to your lic_config.json, or server.host to 127.0.0.1',
  );
}

export class Licensing {
  readonly records: Records;
  #licence: Licence | undefined;
  #ledger: Ledger;
  readonly #log: Logger | undefined;
  #inside = 0;
  /** Licence and standing as they are in log and trail. */
  #said = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchedMs = -Infinity;
  #checkpointMs = performance.now();

  constructor(
    records: Records,
    ledger: Ledger,
    licence?: Licence,
    log?: Logger,
  ) {
    this.records = records;
    this.#ledger = ledger;
    this.#licence = licence;
    this.#log = log;
  }

  /** @throws ServerError STORAGE_FAILED */
  static async open(
    records: Records,
    licence: Licence | undefined,
    log?: Logger,
  ): Promise<Licensing> {
    const licensing = new Licensing(records, await records.ledger(licence), licence, log);
    await licensing.#beat();
    await licensing.#record();
    return licensing;
  }

  /** No licence, and records that end with the process. */
  static evaluation(): Licensing {
    const records = Records.inMemory();
    return new Licensing(records, records.newLedger());
  }

  get standing(): Standing {
    return standingOf(this.#licence, this.records.nowMs(), this.#ledger.usage);
  }

  /** The licence in force, and transactions of its current period. */
  get terms(): { readonly licence: Licence | undefined; readonly used: number } {
    return { licence: this.#licence, used: this.#ledger.usage.used };
  }

  /** Whether what has to be recorded can be. */
  get writable(): boolean {
    return this.records.writable;
  }

  /** Value of the header, undefined where there is nothing to say. */
  get header(): string | undefined {
    const { status, untilMs } = this.standing;
    if (status === 'valid') return undefined;
    if (status !== 'grace' || untilMs === undefined) return status;
    return `grace; until=${new Date(untilMs).toISOString()}`;
  }

  /** @throws ServerError CONFIG_INVALID where the server must not listen on an address */
  checkAddress(host: string): void {
    checkAddress(this.#licence, host);
  }

  /**
   * Makes another licence ready for a running server.
   * @param host that the server listens on
   * @returns puts it in force; requests inside are billed to the one that let them in
   * @throws ServerError CONFIG_INVALID, STORAGE_FAILED
   */
  async prepare(licence: Licence | undefined, host: string): Promise<() => void> {
    checkAddress(licence, host);
    const ledger = await this.records.ledger(licence);
    return () => {
      this.#licence = licence;
      this.#ledger = ledger;
      this.#watchedMs = -Infinity;
    };
  }

  /** @throws ServerError LICENCE_INVALID, REFERER_MISSING, STORAGE_FAILED */
  admit({ features, headers, client }: Demand): Pass {
    if (!this.writable) {
      throw new ServerError('STORAGE_FAILED', 'records cannot be stored at the moment');
    }
    const ledger = this.#ledger;
    const { highestMs, used } = ledger.usage;
    // those inside may all be billed
    const usage = { highestMs, used: used + this.#inside };
    const { status, answers, reason } = standingOf(this.#licence, this.records.nowMs(), usage);
    if (!answers) throw new ServerError('LICENCE_INVALID', reason);
    const lacking = this.#licence &&
      features.find((feature) => !this.#licence?.features.includes(feature));
    if (lacking !== undefined) {
      throw new ServerError('LICENCE_INVALID', `the licence does not include ${lacking}`);
    }
    const domain = headers && this.#domainOf(headers);
    let inside = 1;
    this.#inside++;
    const release = (): void => {
      this.#inside -= inside;
      inside = 0;
    };
    return {
      bill: async (transaction) => {
        await ledger.bill({ ...transaction, client: client ?? domain ?? null }, status);
        // the ledger has counted it
        release();
      },
      release,
    };
  }

  #domainOf(headers: Headers): string | undefined {
    const { domains = [] } = this.#licence ?? {};
    if (domains.length === 0) return undefined;
    const hosts = hostsOf(headers);
    if (hosts.length === 0) throw new ServerError('REFERER_MISSING', 'neither Origin nor Referer');
    for (const host of hosts) {
      const domain = licensedDomain(domains, host);
      if (domain !== undefined) return domain;
    }
    throw new ServerError('LICENCE_INVALID', 'the licence is not for this domain');
  }

  /** Says in the log where the licence stands, and begins to watch time and storage. */
  start(): void {
    this.#say();
    this.#schedule();
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      void this.#watch().finally(() => {
        if (this.#timer !== undefined) this.#schedule();
      });
    }, LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #watch(): Promise<void> {
    const now = performance.now();
    try {
      await this.records.refresh(this.#ledger);
      const due = now - this.#watchedMs >= WATCH_MS;
      if (this.writable && !due) return;
      this.#watchedMs = now;
      await this.#beat();
      if (this.#saying !== this.#said) {
        await this.#record();
        this.#say();
      }
      if (now - this.#checkpointMs >= CHECKPOINT_MS) {
        await this.records.checkpoint();
        this.#checkpointMs = now;
      }
    } catch {
      // the records say in the log that they cannot be stored; tried again in a second
    }
  }

  /** Writes down the time when that was long ago, and to find out whether anything can be written. */
  async #beat(): Promise<void> {
    const { status } = this.standing;
    const ageMs = this.records.nowMs() - this.#ledger.usage.highestMs;
    if (ageMs >= HEARTBEAT_MS || !this.writable) await this.#ledger.heartbeat(status);
  }

  get #saying(): string {
    return `${this.#licence?.jti} ${this.standing.status}`;
  }

  async #record(): Promise<void> {
    const { jti: id = null, sub: customer = null } = this.#licence ?? {};
    const standing = this.standing.status;
    await this.records.audit.recordChange({ kind: 'licence', id, customer, standing });
  }

  #say(): void {
    const { status, reason, untilMs } = this.standing;
    const id = this.#licence?.jti;
    this.#said = this.#saying;
    const usual = status === 'valid' || status === 'evaluation';
    this.#log?.[usual ? 'info' : 'warn']('licence', {
      status,
      reason,
      ...(id !== undefined && { id }),
      ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
    });
  }
}
