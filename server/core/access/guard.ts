/**
 * Who may ask for what. A request shows an API key (`Authorization: Bearer gh_...` as in RFC 6750 2.1, or
 * `X-API-Key`) or came over a connection with a client certificate; where neither is needed it may have none.
 */
import { ServerError } from '../errors.ts';
import { isLoopback } from '../http/loopback.ts';
import type { Peer } from '../http/peer.ts';
import type { Logger } from '../logging.ts';
import { sourceAddress, sourceGroup, type TrustedProxies } from './addresses.ts';
import { KEY_PREFIX, readKey } from './key-format.ts';
import { type KeyEntry, keyStatus, type KeyStore } from './key-store.ts';
import { KEY_LOCKOUT, Lockout } from './lockout.ts';
import { TokenBuckets } from './rate.ts';
import type { Scope } from './scopes.ts';

/** Who asks, as far as it was shown; the name is fit for logs. */
export interface Caller {
  readonly name: string;
  readonly by: 'key' | 'certificate';
}

export interface AccessRequest {
  readonly headers: Headers;
  readonly peer: Peer;
  /** All of them are needed; where there are none, anybody may ask. */
  readonly scopes: readonly Scope[];
}

/**
 * - `auto`: keys are needed once one has been made, and where other machines can connect
 * - `required`: keys are needed
 * - `optional`: whoever shows none is let in; what is shown has to be right
 */
export const KEY_MODES = ['auto', 'required', 'optional'] as const;
type KeyMode = typeof KEY_MODES[number];

export interface GuardRules {
  readonly mode: KeyMode;
  /** Whether the server listens on this machine alone. */
  readonly loopback: boolean;
  /** What needs no key whatever the mode. */
  readonly open: readonly Scope[];
  readonly proxies: TrustedProxies;
}

export interface GuardDeps {
  readonly keys: Pick<KeyStore, 'any' | 'find'>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly nowMs?: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly steadyMs?: () => number;
}

/** As far as an API family needs it. */
export type Access = Pick<Guard, 'check'>;

/** Lets everybody in: for what is free, such as demonstrations. */
export const OPEN_ACCESS: Access = { check: async () => undefined };

export class Guard {
  readonly #rules: () => GuardRules;
  readonly #keys: Pick<KeyStore, 'any' | 'find'>;
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #steadyMs: () => number;
  readonly #buckets = new TokenBuckets();
  readonly #lockout = new Lockout(KEY_LOCKOUT);

  /** @param rules now: they may change while the server runs */
  constructor(rules: () => GuardRules, deps: GuardDeps) {
    this.#rules = rules;
    this.#keys = deps.keys;
    this.#log = deps.log;
    this.#nowMs = deps.nowMs ?? Date.now;
    this.#steadyMs = deps.steadyMs ?? (() => performance.now());
  }

  /**
   * @returns undefined where nobody has to say who it is, and nobody did
   * @throws ServerError KEY_MISSING, KEY_REFUSED, SCOPE_MISSING, RATE_LIMITED, LOCKED_OUT, STORAGE_FAILED
   */
  async check({ headers, peer, scopes }: AccessRequest): Promise<Caller | undefined> {
    if (scopes.length === 0) return undefined;
    const shown = shownKey(headers);
    if (shown !== undefined) return await this.#checkKey(shown, headers, peer, scopes);
    const { certificateName } = peer;
    if (certificateName !== undefined) return { name: certificateName, by: 'certificate' };
    if (await this.#needsKey(scopes)) {
      throw new ServerError(
        'KEY_MISSING',
        'an API key is needed: Authorization: Bearer, or X-API-Key',
      );
    }
    return undefined;
  }

  async #needsKey(scopes: readonly Scope[]): Promise<boolean> {
    const { mode, loopback, open } = this.#rules();
    if (scopes.every((scope) => open.includes(scope))) return false;
    return mode === 'required' || (mode === 'auto' && (!loopback || await this.#keys.any()));
  }

  async #checkKey(
    shown: string,
    headers: Headers,
    peer: Peer,
    scopes: readonly Scope[],
  ): Promise<Caller> {
    const source = this.#sourceOf(headers, peer);
    const waitMs = source === undefined ? 0 : this.#lockout.remainingMs(source, this.#steadyMs());
    if (waitMs > 0) throw later('LOCKED_OUT', 'too many wrong API keys', waitMs);
    const key = readKey(shown);
    const entry = key && await this.#keys.find(key);
    if (entry === undefined) {
      if (source !== undefined) this.#noteFailure(source);
      throw new ServerError('KEY_REFUSED', 'the API key is unknown or wrong');
    }
    const status = keyStatus(entry, this.#nowMs());
    // whoever holds an old key is no guesser
    if (status !== 'valid') {
      throw new ServerError('KEY_REFUSED', `key ${entry.id} of ${entry.name} is ${status}`);
    }
    this.#checkTerms(entry, scopes);
    return { name: entry.name, by: 'key' };
  }

  #checkTerms({ name, rate, scopes: allowed }: KeyEntry, scopes: readonly Scope[]): void {
    // keys of one client share its bucket, or a second one would double the rate
    const waitMs = rate === undefined ? 0 : this.#buckets.take(name, rate, this.#steadyMs());
    if (waitMs > 0) throw later('RATE_LIMITED', `${name} may call ${rate?.text}`, waitMs);
    const lacking = scopes.find((scope) => !allowed.includes(scope));
    if (lacking !== undefined) {
      throw new ServerError('SCOPE_MISSING', `the API key is not for ${lacking}`);
    }
  }

  /** What fails together; this machine, which an unnamed proxy also looks like, is never locked out. */
  #sourceOf(headers: Headers, peer: Peer): string | undefined {
    const forwarded = headers.get('x-forwarded-for');
    const address = sourceAddress(peer.address, forwarded, this.#rules().proxies);
    return address === undefined || isLoopback(address) ? undefined : sourceGroup(address);
  }

  #noteFailure(source: string): void {
    const lockMs = this.#lockout.failed(source, this.#steadyMs());
    if (lockMs > 0) this.#log.warn('locked-out', { source, seconds: Math.ceil(lockMs / 1000) });
  }
}

/** What a request shows as a key, if it shows anything; other tokens are none of our business. */
function shownKey(headers: Headers): string | undefined {
  const own = headers.get('x-api-key');
  if (own !== null) return own.trim();
  const token = /^bearer +(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  return token?.startsWith(KEY_PREFIX) ? token : undefined;
}

function later(code: 'RATE_LIMITED' | 'LOCKED_OUT', message: string, waitMs: number): ServerError {
  return new ServerError(code, message, { retryAfterS: Math.ceil(waitMs / 1000) });
}
