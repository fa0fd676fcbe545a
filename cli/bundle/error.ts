/** Why a bundle is refused; `code` is a closed set. */
export type BundleErrorCode =
  /** Not an archive of ours: a header, an order, a padding or an end that no bundle has. */
  | 'BUNDLE_MALFORMED'
  /** No given key made the signature. */
  | 'BUNDLE_SIGNATURE_INVALID'
  /** A file is not the one that was signed. */
  | 'BUNDLE_HASH_MISMATCH'
  /** Made by a program of another time. */
  | 'BUNDLE_FORMAT_VERSION'
  /** A file cannot be part of a bundle: its name, its size, two of one name. */
  | 'BUNDLE_FILE_REFUSED';

export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleErrorCode;

  constructor(code: BundleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
