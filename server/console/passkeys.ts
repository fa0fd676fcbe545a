/** The passkeys of administrators: which requests browsers answer, what is kept of the answers, who they let in. */
import { createHash } from 'node:crypto';
import type { PasskeyStore } from '../core/access/passkey-store.ts';
import type { Session } from '../core/access/sessions.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import { type AssertionResponse, readAssertion } from '../core/webauthn/assertion.ts';
import type { Challenges } from '../core/webauthn/challenges.ts';
import { type PasskeyReason, PasskeyRefusal } from '../core/webauthn/refusal.ts';
import { readRegistration, type RegistrationResponse } from '../core/webauthn/registration.ts';
import type { RelyingParty } from '../core/webauthn/relying-party.ts';
import type { PasskeyAnswer } from './answer.ts';
import { ConsoleError } from './errors.ts';

export interface PasskeysDeps {
  readonly store: PasskeyStore;
  /** What passkeys are for, now; undefined where there are none. */
  readonly relyingParty: () => RelyingParty | undefined;
  readonly challenges: Challenges;
  readonly audit: AuditSink;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/** An answer to a request to sign in. */
export interface SignIn extends AssertionResponse {
  /** Of the credential. */
  readonly id: Uint8Array;
  /** What the authenticator knows the administrator by. */
  readonly userHandle: Uint8Array;
}

export type SignInOutcome =
  | { readonly admin: string }
  | {
    readonly refused: PasskeyReason;
    /** When the passkey is known. */
    readonly known?: { readonly admin: string; readonly passkey: string };
  };

const SIGN_IN = 'sign-in';
/** A challenge to add a passkey is for one session alone. */
const toAdd = (session: Session) => `add ${session.id}`;

export class Passkeys {
  readonly #deps: PasskeysDeps;

  constructor(deps: PasskeysDeps) {
    this.#deps = deps;
  }

  /** What passkeys are for; undefined where there are none. */
  get relyingParty(): RelyingParty | undefined {
    return this.#deps.relyingParty();
  }

  async list(admin: string): Promise<PasskeyAnswer[]> {
    return (await this.#deps.store.list(admin)).map((passkey) => ({
      id: text(passkey.id),
      name: passkey.name,
      created: new Date(passkey.createdMs).toISOString(),
      used: passkey.usedMs === undefined ? null : new Date(passkey.usedMs).toISOString(),
      synced: passkey.backedUp,
    }));
  }

  challengeToSignIn(): string {
    return this.#deps.challenges.issue(SIGN_IN, this.#deps.nowMs());
  }

  challengeToAdd(session: Session): string {
    return this.#deps.challenges.issue(toAdd(session), this.#deps.nowMs());
  }

  async handleOf(admin: string): Promise<string> {
    return text(await this.#deps.store.handleOf(admin));
  }

  /**
   * @param name that the administrator gives it
   * @throws ConsoleError PASSKEY_REFUSED, ServerError STORAGE_FAILED
   */
  async add(session: Session, name: string, response: RegistrationResponse): Promise<void> {
    const { store, audit, nowMs } = this.#deps;
    const { admin } = session;
    try {
      const credential = await this.#spending(
        toAdd(session),
        (holds) => readRegistration(response, this.#needed(), holds),
      );
      const passkey = fingerprint(credential.id);
      if (await store.find(credential.id) !== undefined) throw new PasskeyRefusal('owner');
      await audit.record({ kind: 'passkey-changed', change: 'added', passkey, name }, {
        type: 'admin',
        name: admin,
      });
      if (!await store.add(admin, name, credential, nowMs())) throw new PasskeyRefusal('owner');
    } catch (cause) {
      if (!(cause instanceof PasskeyRefusal)) throw cause;
      throw new ConsoleError('PASSKEY_REFUSED', `The passkey was not added: ${cause.reason}`, {
        cause,
      });
    }
  }

  /** @throws ConsoleError NO_SUCH_PASSKEY, ServerError STORAGE_FAILED */
  async remove(admin: string, id: Uint8Array): Promise<void> {
    const { store, audit } = this.#deps;
    const known = await store.find(id);
    if (known?.admin !== admin) {
      throw new ConsoleError('NO_SUCH_PASSKEY', 'There is no such passkey');
    }
    const { name } = known;
    const passkey = fingerprint(id);
    await audit.record({ kind: 'passkey-changed', change: 'removed', passkey, name }, {
      type: 'admin',
      name: admin,
    });
    await store.remove(admin, id);
  }

  /** Whom an answer lets in. @throws ServerError STORAGE_FAILED */
  async signIn(response: SignIn): Promise<SignInOutcome> {
    const { store, nowMs } = this.#deps;
    const passkey = await store.find(response.id);
    if (passkey === undefined) return { refused: 'unknown' };
    const { id, admin, counter } = passkey;
    try {
      if (!await store.isHandleOf(admin, response.userHandle)) throw new PasskeyRefusal('owner');
      const state = await this.#spending(
        SIGN_IN,
        (holds) => readAssertion(response, passkey, this.#needed(), holds),
      );
      if (!await store.use(id, counter, state, nowMs())) throw new PasskeyRefusal('counter');
      return { admin };
    } catch (error) {
      if (!(error instanceof PasskeyRefusal)) throw error;
      return { refused: error.reason, known: { admin, passkey: fingerprint(id) } };
    }
  }

  /**
   * What is read of an answer. Its challenge is used up, also where what comes behind it is refused.
   * @throws PasskeyRefusal
   */
  async #spending<T>(
    purpose: string,
    read: (holds: (challenge: string) => boolean) => T,
  ): Promise<T> {
    const { challenges, nowMs } = this.#deps;
    let held: string | undefined;
    const holds = (challenge: string): boolean => {
      const good = challenges.holds(purpose, challenge, nowMs());
      if (good) held = challenge;
      return good;
    };
    const spend = async (): Promise<void> => {
      if (held === undefined || await challenges.spend(purpose, held, nowMs())) return;
      throw new PasskeyRefusal('challenge');
    };
    try {
      const result = read(holds);
      await spend();
      return result;
    } catch (error) {
      if (error instanceof PasskeyRefusal && error.reason !== 'challenge') await spend();
      throw error;
    }
  }

  #needed(): RelyingParty {
    const { relyingParty } = this;
    if (relyingParty === undefined) throw new PasskeyRefusal('origin');
    return relyingParty;
  }
}

/** Names a passkey in the audit trail. */
function fingerprint(id: Uint8Array): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 16);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
