/** Lets administrators in: one answer for everything that is wrong, and fewer tries the more are wrong. */
import { sourceGroup } from '../core/access/addresses.ts';
import type { AdminStore } from '../core/access/admin-store.ts';
import { Lockout, type LockoutRules } from '../core/access/lockout.ts';
import type { Session, Sessions, Way } from '../core/access/sessions.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import { ServerError } from '../core/errors.ts';
import type { Logger } from '../core/logging.ts';
import type { Passkeys, SignIn } from './passkeys.ts';

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
  readonly passkeys: Pick<Passkeys, 'signIn'>;
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
  async attempt(request: LoginRequest, address: string | undefined): Promise<Session | undefined> {
    if (!await this.confirm(request, address)) return undefined;
    return await this.#begin(request.name, 'password', address);
  }

  /**
   * Whether name, password and code are right, which who is in already may be asked again.
   * @throws ServerError LOCKED_OUT, BUSY, STORAGE_FAILED
   */
  async confirm(
    { name, password, code }: LoginRequest,
    address: string | undefined,
  ): Promise<boolean> {
    const { admins, nowMs } = this.#deps;
    const source = sourceOf(address);
    this.#refuseLocked(source, name);
    if (this.#verifying >= MOST_AT_ONCE) throw new ServerError('BUSY', 'others are logging in');
    this.#verifying++;
    try {
      if (await admins.verify(name, password, code, nowMs())) {
        this.#names.succeeded(name);
        this.#sources.succeeded(source);
        return true;
      }
    } finally {
      this.#verifying--;
    }
    this.#noteFailure(source, name);
    return false;
  }

  /**
   * The same with a passkey. A lock of the name, which anybody can bring about with passwords, does not count.
   * @returns undefined when it is not taken
   * @throws ServerError LOCKED_OUT, STORAGE_FAILED
   */
  async attemptPasskey(
    response: SignIn,
    address: string | undefined,
  ): Promise<Session | undefined> {
    const { passkeys, audit, log } = this.#deps;
    const source = sourceOf(address);
    this.#refuseLocked(source);
    const outcome = await passkeys.signIn(response);
    if ('admin' in outcome) {
      this.#sources.succeeded(source);
      return await this.#begin(outcome.admin, 'passkey', address);
    }
    const { refused: reason, known } = outcome;
    log.warn('passkey-refused', { source, reason });
    this.#noteFailure(source);
    // of strangers there is no trail, or they could fill the disk
    if (known !== undefined) await audit.record({ kind: 'passkey-refused', ...known, reason });
    return undefined;
  }

  async #begin(name: string, by: Way, address: string | undefined): Promise<Session> {
    const { sessions, audit, log, nowMs } = this.#deps;
    await audit.record({ kind: 'console-login', by }, { type: 'admin', name });
    log.info('console-login', { admin: name, by });
    return await sessions.begin(name, nowMs(), by, address);
  }

  #refuseLocked(source: string, name?: string): void {
    const now = this.#deps.steadyMs();
    const waitMs = Math.max(
      this.#sources.remainingMs(source, now),
      name === undefined ? 0 : this.#names.remainingMs(name, now),
    );
    if (waitMs === 0) return;
    const retryAfterS = Math.ceil(waitMs / 1000);
    throw new ServerError('LOCKED_OUT', 'too many failed logins', { retryAfterS });
  }

  /** What was typed as a name may be a password, so the log does not have it. */
  #noteFailure(source: string, name?: string): void {
    const { log, steadyMs } = this.#deps;
    log.warn('console-login-failed', { source });
    const lockMs = this.#sources.failed(source, steadyMs());
    if (name !== undefined) this.#names.failed(name, steadyMs());
    if (lockMs > 0) log.warn('locked-out', { source, seconds: Math.ceil(lockMs / 1000) });
  }
}

function sourceOf(address: string | undefined): string {
  return address === undefined ? 'unknown' : sourceGroup(address);
}
