/** The one error class of the biometrics library; `code` is a closed set that callers may switch on. */
export type FaceErrorCode =
  /** No bytes at all. */
  | 'IMAGE_EMPTY'
  /** The bytes are not a picture or face record of a supported format. */
  | 'IMAGE_UNSUPPORTED'
  /** A supported format whose content is broken or truncated. */
  | 'IMAGE_UNDECODABLE'
  /** More bytes, pixels or frames than the limits allow. */
  | 'IMAGE_TOO_LARGE'
  /** No face was found. */
  | 'NO_FACE'
  /** A colour is not written as "#" and six hexadecimal digits. */
  | 'COLOUR_INVALID'
  | 'TEMPLATE_INVALID'
  /** Templates of different model packs cannot be compared. */
  | 'TEMPLATE_INCOMPATIBLE'
  | 'CALIBRATION_INVALID'
  | 'PACK_INCOMPLETE';

export class FaceError extends Error {
  override readonly name = 'FaceError';
  readonly code: FaceErrorCode;

  constructor(code: FaceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
