/** The passkeys of administrators: which requests browsers answer, what is kept of the answers, who they let in. */
import { createHash } from 'node:crypto';
import type { PasskeyStore } from '../core/access/passkey-store.ts';
import type { Session } from '../core/access/sessions.ts';
import type { AuditSink } from '../core/audit/audit.ts';
import { type AssertionResponse, readAssertion } from '../core/webauthn/assertion.ts';
import { Challenges } from '../core/webauthn/challenges.ts';
import { type PasskeyReason, PasskeyRefusal } from '../core/webauthn/refusal.ts';
import { readRegistration, type RegistrationResponse } from '../core/webauthn/registration.ts';
import type { RelyingParty } from '../core/webauthn/relying-party.ts';
import type { PasskeyAnswer } from './answer.ts';
import { ConsoleError } from './errors.ts';

export interface PasskeysDeps {
  readonly store: PasskeyStore;
  /** What passkeys are for, now; undefined where there are none. */
  readonly relyingParty: () => RelyingParty | undefined;
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
  readonly #challenges = new Challenges();

  constructor(deps: PasskeysDeps) {
    this.#deps = deps;
  }

  /** What passkeys are for; undefined where there are none. */
  get relyingParty(): RelyingParty | undefined {
    return this.#deps.relyingParty();
  }

  list(admin: string): PasskeyAnswer[] {
    return this.#deps.store.list(admin).map((passkey) => ({
      id: text(passkey.id),
      name: passkey.name,
      created: new Date(passkey.createdMs).toISOString(),
      used: passkey.usedMs === undefined ? null : new Date(passkey.usedMs).toISOString(),
      synced: passkey.backedUp,
    }));
  }

  challengeToSignIn(): string {
    return this.#challenges.issue(SIGN_IN, this.#deps.nowMs());
  }

  challengeToAdd(session: Session): string {
    return this.#challenges.issue(toAdd(session), this.#deps.nowMs());
  }

  handleOf(admin: string): string {
    return text(this.#deps.store.handleOf(admin));
  }

  /**
   * @param name that the administrator gives it
   * @throws ConsoleError PASSKEY_REFUSED, ServerError STORAGE_FAILED
   */
  async add(session: Session, name: string, response: RegistrationResponse): Promise<void> {
    const { store, audit, nowMs } = this.#deps;
    const { admin } = session;
    try {
      const credential = readRegistration(
        response,
        this.#needed(),
        (challenge) => this.#challenges.spend(toAdd(session), challenge, nowMs()),
      );
      const passkey = fingerprint(credential.id);
      if (store.find(credential.id) !== undefined) throw new PasskeyRefusal('owner');
      await audit.record({ kind: 'passkey-changed', change: 'added', passkey, name }, {
        type: 'admin',
        name: admin,
      });
      if (!store.add(admin, name, credential, nowMs())) throw new PasskeyRefusal('owner');
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
    const known = store.find(id);
    if (known?.admin !== admin) {
      throw new ConsoleError('NO_SUCH_PASSKEY', 'There is no such passkey');
    }
    const { name } = known;
    const passkey = fingerprint(id);
    await audit.record({ kind: 'passkey-changed', change: 'removed', passkey, name }, {
      type: 'admin',
      name: admin,
    });
    store.remove(admin, id);
  }

  /** Whom an answer lets in. @throws ServerError STORAGE_FAILED */
  signIn(response: SignIn): SignInOutcome {
    const { store, nowMs } = this.#deps;
    const passkey = store.find(response.id);
    if (passkey === undefined) return { refused: 'unknown' };
    const { id, admin, counter } = passkey;
    try {
      if (!store.isHandleOf(admin, response.userHandle)) throw new PasskeyRefusal('owner');
      const state = readAssertion(
        response,
        passkey,
        this.#needed(),
        (challenge) => this.#challenges.spend(SIGN_IN, challenge, nowMs()),
      );
      if (!store.use(id, counter, state, nowMs())) throw new PasskeyRefusal('counter');
      return { admin };
    } catch (error) {
      if (!(error instanceof PasskeyRefusal)) throw error;
      return { refused: error.reason, known: { admin, passkey: fingerprint(id) } };
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
