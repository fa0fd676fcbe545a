/** Why an envelope is not opened. The API family answers MALFORMED and REFUSED in the same words. */
export type EnvelopeErrorCode =
  /** Not an envelope of a known version. */
  | 'MALFORMED'
  /** Wrong key or changed on the way; which of the two is not known here either. */
  | 'REFUSED'
  /** Packed more than two minutes ago, or in the future. */
  | 'EXPIRED'
  /** Seen before. */
  | 'REPLAYED';

export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
