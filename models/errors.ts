/** The one error class of the models library; `code` is a closed set that callers may switch on. */
export type PackErrorCode =
  | 'PACK_NOT_FOUND'
  | 'PACK_MALFORMED'
  | 'PACK_FORMAT_VERSION'
  | 'PACK_FILE_MISSING'
  | 'PACK_FILE_UNEXPECTED'
  | 'PACK_HASH_MISMATCH'
  | 'PACK_UNSIGNED'
  | 'PACK_SIGNATURE_INVALID'
  | 'PACK_SIGNER_UNKNOWN'
  | 'PACK_EXISTS'
  | 'SOURCE_MISSING'
  | 'SOURCE_UNKNOWN'
  | 'SOURCE_HASH_MISMATCH'
  | 'CONVERSION_UNSUPPORTED';

export class PackError extends Error {
  override readonly name = 'PackError';
  readonly code: PackErrorCode;

  constructor(code: PackErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
