/**
 * Fault switches of the chip: ways in which real or hostile chips misbehave on the line. Faults of the
 * personalised data (expired signers, altered groups) are in `issue-fault.ts`.
 */

/** All line faults with what they do. */
export const LINE_FAULTS = {
  'sm-wrong-mac': 'one bit of the MAC of a protected answer is wrong',
  'sm-wrong-padding': 'the padding under the cipher is wrong, the MAC is right',
  'sm-no-mac': 'a protected answer comes without DO 8E',
  'sm-no-status': 'a protected answer comes without DO 99',
  'sm-other-status': 'the status word outside differs from the protected one',
  'sm-plain-answer': 'an answer comes unprotected although the session is protected',
  'sm-lost': 'the chip forgets its session keys and answers 6988',
  'security-status-midway': 'reading is refused with 6982 in the middle of a file',
  'hang': 'the chip never answers again',
  'slow': 'every answer takes the delay given',
  'endless-61': 'every answer says that more is to come',
  'endless-6c': 'every READ BINARY asks for another length',
  'nonsense': 'answers are random bytes',
  'empty-answer': 'answers have no bytes at all',
  'file-4gib': 'a file claims 4 GiB and gives bytes as long as anybody reads',
  'file-truncated': 'a file ends before the length that it states',
  'read-nothing': 'READ BINARY succeeds without data',
  'read-one-byte': 'READ BINARY gives one byte at a time',
  'read-short-only': 'READ BINARY of more than 160 bytes is refused with 6B00',
  'long-read-loses-session':
    'READ BINARY of more than 160 bytes is answered 6B00 unprotected and the keys are gone, as in Russia',
  'wrong-le': 'READ BINARY beyond the end is answered 6Cxx',
  'select-le-refused': 'SELECT and MSE with Le are refused with 6700, as in Germany',
  'select-once': 'selecting the application a second time loses the session, as in Asian cards',
  'no-application': 'there is no eMRTD application, as on German identity cards',
  'extended-refused': 'EF.ATR/INFO announces extended length, commands with it are refused',
  'mse-needs-84': 'MSE:Set AT without the domain parameters is refused, as in Ukraine',
  'select-mf-refused': 'selecting the master file is refused',
  'pace-refused': 'PACE is announced but MSE:Set AT is refused',
  'pace-wrong-nonce': 'the encrypted nonce is another one than the chip uses',
  'pace-wrong-token': 'the authentication token is wrong',
  'pace-reflected-key': 'the public key of the terminal comes back as that of the chip',
  'pace-bad-key': 'the mapping key is no element of the group',
  'pace-cam-mismatch': 'chip authentication data of another static key',
  'pace-cam-missing': 'chip authentication data is missing',
  'bac-wrong-mac': 'the MAC of the answer to EXTERNAL AUTHENTICATE is wrong',
  'bac-wrong-challenge': 'the challenge of the terminal comes back changed',
  'ca-refused': 'chip authentication is announced but refused',
  'ca-cloned': 'a copy without the private key of chip authentication',
  'ca-old-keys': 'the chip stays with the old session keys',
  'aa-refused': 'active authentication is announced but refused',
  'aa-cloned': 'a copy without the private key of active authentication',
  'aa-replayed': 'the signature is over another challenge',
  'aa-truncated': 'the signature ends early',
  'aa-cut-short': 'a long signature is cut unless the Le is extended, as in Australia',
} as const;

export type LineFault = keyof typeof LINE_FAULTS;

/** Which faults are on, and their parameters. */
export interface FaultSettings {
  faults?: readonly LineFault[];
  /**
   * For the faults `sm-*`, `security-status-midway`, `hang`, `nonsense`, `empty-answer` and `endless-61`:
   * commands of the kind concerned that are answered well before the fault shows. Default 0.
   */
  faultAfter?: number;
  /** For `slow`: milliseconds before every answer. */
  delayMs?: number;
}

/** The switches as the chip asks them, counting what it has answered. */
export class Faults {
  readonly #on: ReadonlySet<LineFault>;
  readonly #after: number;
  readonly delayMs: number;
  #counts = new Map<LineFault, number>();

  constructor({ faults = [], faultAfter = 0, delayMs = 0 }: FaultSettings) {
    this.#on = new Set(faults);
    this.#after = faultAfter;
    this.delayMs = this.#on.has('slow') ? delayMs : 0;
  }

  has(fault: LineFault): boolean {
    return this.#on.has(fault);
  }

  /** True when the fault is on and this occasion comes after the good ones. */
  due(fault: LineFault): boolean {
    if (!this.#on.has(fault)) return false;
    const count = this.#counts.get(fault) ?? 0;
    this.#counts.set(fault, count + 1);
    return count >= this.#after;
  }
}
