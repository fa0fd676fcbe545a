/** What the page asks of passkeys: how to log in with one, and those of an administrator who has logged in. */
import { z } from 'zod';
import type { Session } from '../core/access/sessions.ts';
import type { BodyLimits } from '../core/http/body.ts';
import { CHALLENGE_MS } from '../core/webauthn/challenges.ts';
import { ALGORITHMS } from '../core/webauthn/public-key.ts';
import type { NewPasskeyAnswer, PasskeyOfferAnswer, PasskeysAnswer } from './answer.ts';
import { readJson } from './body.ts';
import { confirm, confirmation } from './confirmation.ts';
import { ConsoleError } from './errors.ts';
import type { Login } from './login.ts';
import type { Passkeys } from './passkeys.ts';

/** Bytes in base64url without padding, as browsers write them in JSON (WebAuthn Level 3, 5.1.8). */
const bytes = z.base64url().max(6000).refine((text) => !text.endsWith('='))
  .transform((text): Uint8Array => Buffer.from(text, 'base64url'));

const SignInSchema = z.strictObject({
  id: bytes,
  clientData: bytes,
  authenticatorData: bytes,
  signature: bytes,
  userHandle: bytes,
});
const BeginSchema = z.strictObject(confirmation);
const AddSchema = z.strictObject({
  // what a person can read in a table, in one line
  name: z.string().trim().regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u),
  clientData: bytes,
  authenticatorData: bytes,
  publicKey: bytes,
  algorithm: z.int(),
});
const RemoveSchema = z.strictObject({ ...confirmation, id: bytes });

export interface PasskeyRequestsDeps {
  readonly passkeys: Passkeys;
  readonly login: Login;
  readonly body: BodyLimits;
}

/** Each throws ConsoleError and ServerError. */
export interface PasskeyRequests {
  offer(): PasskeyOfferAnswer;
  /** @returns undefined when the passkey is not taken */
  signIn(request: Request, address: string | undefined): Promise<Session | undefined>;
  list(session: Session): Promise<PasskeysAnswer>;
  /** Whoever adds or removes a passkey shows password and code again, as a session may be in the wrong hands. */
  begin(
    session: Session,
    request: Request,
    address: string | undefined,
  ): Promise<NewPasskeyAnswer>;
  add(session: Session, request: Request): Promise<PasskeysAnswer>;
  remove(session: Session, request: Request, address: string | undefined): Promise<void>;
}

export function passkeyRequests({ passkeys, login, body }: PasskeyRequestsDeps): PasskeyRequests {
  const list = async ({ admin }: Session): Promise<PasskeysAnswer> => ({
    origin: passkeys.relyingParty?.origin ?? null,
    passkeys: await passkeys.list(admin),
  });
  return {
    list,
    offer: () => {
      const { relyingParty } = passkeys;
      if (relyingParty === undefined) return { passkey: null };
      const { origin, id: rpId } = relyingParty;
      const challenge = passkeys.challengeToSignIn();
      return { passkey: { origin, rpId, challenge, timeoutMs: CHALLENGE_MS } };
    },
    signIn: async (request, address) => {
      const words = 'id, clientData, authenticatorData, signature and userHandle are needed, ' +
        'in base64url';
      return await login.attemptPasskey(
        await readJson(request, body, SignInSchema, words),
        address,
      );
    },
    begin: async (session, request, address) => {
      const { relyingParty } = passkeys;
      if (relyingParty === undefined) {
        throw new ConsoleError('PASSKEY_REFUSED', 'access.passkey_origin is not set');
      }
      const words = 'password and code are needed, as texts';
      const { admin } = session;
      await confirm(login, admin, await readJson(request, body, BeginSchema, words), address);
      return {
        rpId: relyingParty.id,
        challenge: passkeys.challengeToAdd(session),
        timeoutMs: CHALLENGE_MS,
        userHandle: await passkeys.handleOf(admin),
        userName: admin,
        algorithms: Object.values(ALGORITHMS),
        exclude: (await passkeys.list(admin)).map(({ id }) => id),
      };
    },
    add: async (session, request) => {
      const words = 'name, clientData, authenticatorData, publicKey and algorithm are needed';
      const { name, ...response } = await readJson(request, body, AddSchema, words);
      await passkeys.add(session, name, response);
      return await list(session);
    },
    remove: async ({ admin }, request, address) => {
      const words = 'password and code are needed, as texts, and id, in base64url';
      const given = await readJson(request, body, RemoveSchema, words);
      await confirm(login, admin, given, address);
      await passkeys.remove(admin, given.id);
    },
  };
}
