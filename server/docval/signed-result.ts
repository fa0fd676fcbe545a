/**
 * `signed_result`: the result once more as a signed statement that stands on its own. It says which
 * document was verified for whom and when, by which checks and on which trust anchor, and can be checked
 * with the key set at `/.well-known/jwks.json`, long after the socket has closed.
 */
import type { SigningKey } from '../core/keys/signing-key.ts';
import type { EmrtdPassport, NamedCheck, TrustAnchor } from './passport-types.ts';

/** `typ` of the JWS header. */
const TYPE = 'gatehouse-docval-result+jwt';

/** The payload; registered claims as in RFC 7519. */
export interface ResultStatement {
  iss: 'gatehouse';
  /** Name of the client in the configuration. */
  aud: string;
  /** The session, as in the log. */
  jti: string;
  /** Seconds since 1970. */
  iat: number;
  validation_id: string;
  /** The time that validity periods were judged at, RFC 3339. */
  verified_at: string;
  emrtd_passport: EmrtdPassport;
  checks: readonly NamedCheck[];
  /** The CSCA certificates that the verdict rests on; empty when there is no chain to one. */
  trust_anchors: TrustAnchor[];
}

export interface StatementFacts {
  readonly client: string;
  readonly session: string;
  readonly validationId: string;
  readonly at: Date;
  readonly passport: EmrtdPassport;
  readonly checks: readonly NamedCheck[];
}

/** @returns a JWS in compact serialisation */
export function signResult(key: Pick<SigningKey, 'sign'>, facts: StatementFacts): Promise<string> {
  const { client, session, validationId, at, passport, checks } = facts;
  const anchor = passport.passive_authentication_details?.trust_anchor;
  const statement: ResultStatement = {
    iss: 'gatehouse',
    aud: client,
    jti: session,
    iat: Math.floor(Date.now() / 1000),
    validation_id: validationId,
    verified_at: at.toISOString(),
    emrtd_passport: passport,
    checks,
    trust_anchors: anchor === undefined ? [] : [anchor],
  };
  return key.sign(statement, TYPE);
}
