/** Why a passkey is not taken: the reasons of WebAuthn Level 3, 7.1 and 7.2, that we tell apart in log and trail. */

export type PasskeyReason =
  /** The response is not what an authenticator makes. */
  | 'malformed'
  /** It answers another kind of request: a registration where a sign-in is, or the other way round. */
  | 'type'
  /** The challenge is not ours, too old, for somebody else, or was answered before. */
  | 'challenge'
  /** The page that asked for it is not the console. */
  | 'origin'
  /** The page that asked for it was inside one of another site. */
  | 'framed'
  /** The credential is for another relying party. */
  | 'rp-id'
  /** Nobody touched the authenticator. */
  | 'user-presence'
  /** The authenticator did not check who is there, by PIN or body. */
  | 'user-verification'
  /** What it says of its backup cannot be, or has changed where it must not. */
  | 'backup'
  /** The key is of a kind that was not asked for. */
  | 'key'
  /** Nobody has a credential of this identifier. */
  | 'unknown'
  /** The credential is that of another administrator than it says, or there already. */
  | 'owner'
  | 'signature'
  /** The counter has not gone up: there may be a copy of the authenticator. */
  | 'counter';

/** A passkey that is not taken. `reason` is for log and trail; the caller is not told. */
export class PasskeyRefusal extends Error {
  override readonly name = 'PasskeyRefusal';
  readonly reason: PasskeyReason;

  constructor(reason: PasskeyReason, options?: ErrorOptions) {
    super(`passkey refused: ${reason}`, options);
    this.reason = reason;
  }
}
