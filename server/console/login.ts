/** Lets administrators in: one answer for everything that is wrong, and fewer tries the more are wrong. */
import { sourceGroup } from '../core/access/addresses.ts';
import type { AdminStore } from '../core/access/admin-store.ts';
import { Lockout, type LockoutRules } from '../core/access/lockout.ts';
import type { Session, Sessions } from '../core/access/sessions.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import { ServerError } from '../core/errors.ts';
import type { Logger } from '../core/logging.ts';

/** Of one source, whatever names it tries. */
export const SOURCE_LOCKOUT: LockoutRules = {
  failures: 5,
  memoryMs: 3_600_000,
  firstLockMs: 30_000,
  longestLockMs: 15 * 60_000,
  maxSources: 10_000,
};
/** Of one name from many sources. Short, because anybody can bring it about. */
const NAME_LOCKOUT: LockoutRules = {
  failures: 20,
  memoryMs: 3_600_000,
  firstLockMs: 30_000,
  longestLockMs: 60_000,
  maxSources: 10_000,
};
/** Each takes about 100 MB and a processor for a third of a second. */
const MOST_AT_ONCE = 2;

export interface LoginRequest {
  readonly name: string;
  readonly password: string;
  readonly code: string;
}

export interface LoginDeps {
  readonly admins: Pick<AdminStore, 'verify'>;
  readonly sessions: Pick<Sessions, 'begin'>;
  readonly audit: AuditSink;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly steadyMs: () => number;
}

export class Login {
  readonly #deps: LoginDeps;
  readonly #sources = new Lockout(SOURCE_LOCKOUT);
  readonly #names = new Lockout(NAME_LOCKOUT);
  #verifying = 0;

  constructor(deps: LoginDeps) {
    this.#deps = deps;
  }

  /**
   * @param address that the request comes from, as far as it is known
   * @returns undefined when name, password or code are wrong
   * @throws ServerError LOCKED_OUT, BUSY, STORAGE_FAILED
   */
  async attempt(
    { name, password, code }: LoginRequest,
    address: string | undefined,
  ): Promise<Session | undefined> {
    const { admins, sessions, audit, log, nowMs } = this.#deps;
    const source = address === undefined ? 'unknown' : sourceGroup(address);
    this.#refuseLocked(source, name);
    if (this.#verifying >= MOST_AT_ONCE) throw new ServerError('BUSY', 'others are logging in');
    this.#verifying++;
    try {
      if (await admins.verify(name, password, code, nowMs())) {
        this.#names.succeeded(name);
        this.#sources.succeeded(source);
        await audit.record({ kind: 'console-login' }, { type: 'admin', name });
        log.info('console-login', { admin: name });
        return sessions.begin(name, nowMs());
      }
    } finally {
      this.#verifying--;
    }
    this.#noteFailure(source, name);
    return undefined;
  }

  #refuseLocked(source: string, name: string): void {
    const now = this.#deps.steadyMs();
    const waitMs = Math.max(
      this.#sources.remainingMs(source, now),
      this.#names.remainingMs(name, now),
    );
    if (waitMs === 0) return;
    const retryAfterS = Math.ceil(waitMs / 1000);
    throw new ServerError('LOCKED_OUT', 'too many failed logins', { retryAfterS });
  }

  /** What was typed as a name may be a password, so the log does not have it. */
  #noteFailure(source: string, name: string): void {
    const { log, steadyMs } = this.#deps;
    log.warn('console-login-failed', { source });
    const lockMs = this.#sources.failed(source, steadyMs());
    this.#names.failed(name, steadyMs());
    if (lockMs > 0) log.warn('locked-out', { source, seconds: Math.ceil(lockMs / 1000) });
  }
}
