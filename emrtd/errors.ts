/** The one error type of `emrtd/`: a closed union of codes, so that a caller can switch over all of them. */

/** Everything that can go wrong in the library. A message adds which input it was. */
export type EmrtdErrorCode =
  // asn1/
  | 'ASN1_MALFORMED' // the bytes break X.690: bad length, bad tag, truncated, trailing bytes
  | 'ASN1_LIMIT' // too deep, too many nodes, too long a number
  | 'ASN1_UNEXPECTED' // well formed, but not the type or tag that the format asks for
  // pki/
  | 'PKI_MALFORMED' // a certificate, CMS message, CRL, list or bundle that breaks its format
  | 'PKI_UNSUPPORTED' // a well-formed object of a version or algorithm that is not supported
  | 'PKI_UNTRUSTED' // a signed list whose signature or signer does not verify
  | 'PKI_LIMIT' // larger, or with more entries, than the library reads
  // crypto/
  | 'CRYPTO_INPUT' // wrong length of key, IV, block or number given to a primitive
  | 'CRYPTO_PADDING' // ISO 9797-1 padding did not come off
  | 'CRYPTO_KEY' // a public or private key that is not valid for its group, curve or algorithm
  | 'CRYPTO_DOMAIN' // domain parameters that are refused
  | 'CRYPTO_UNSUPPORTED' // an algorithm, curve or parameter set the library does not know
  | 'CRYPTO_SIGNATURE_FORMAT' // a signature that is not of its syntactic form
  // iso7816/
  | 'APDU_INVALID' // a command that cannot be encoded: a length or header byte out of range
  | 'RESPONSE_MALFORMED' // the chip answered with something that is no response APDU, or nonsense inside
  | 'STATUS_WORD' // the chip refused a command with a status word that has no meaning of its own here
  | 'FILE_NOT_FOUND' // the elementary file is absent or not readable
  | 'FILE_TRUNCATED' // the chip stopped giving bytes before the length that the file itself states
  | 'LIMIT_EXCEEDED' // a limit of the session: bytes, APDUs, answers in a chain
  | 'TRANSCEIVE_FAILED' // the line to the chip broke
  | 'TIMEOUT' // the chip or a step did not answer in time
  | 'CANCELLED' // the caller aborted
  // messaging/
  | 'SM_FAILED' // a protected answer that is not authentic; all causes look alike
  | 'SM_PLAIN' // an unprotected answer inside secure messaging: the channel is over
  // access/
  | 'ACCESS_KEY_INVALID' // a password that is not of its form: CAN digits, MRZ fields
  | 'ACCESS_DENIED' // the chip says that the password is wrong, or blocked
  | 'ACCESS_FAILED' // the protocol broke: a status word, a value or a token that is not right
  | 'ACCESS_UNSUPPORTED' // the chip offers nothing that this library or this password can do
  // chip/
  | 'CHIP_DESCRIPTION' // a description of a specimen document that contradicts itself
  // lds/
  | 'LDS_TAG' // the file is another one than asked for: wrong outer tag
  | 'LDS_MALFORMED' // the file breaks its format so that nothing of it can be read
  // auth/
  | 'CHIP_AUTHENTICATION' // chip authentication could not be carried out or is not proven
  | 'ACTIVE_AUTHENTICATION'; // active authentication could not be carried out

/** Thrown for every expected failure of the library; anything else that escapes is a bug. */
export class EmrtdError extends Error {
  override readonly name = 'EmrtdError';
  readonly code: EmrtdErrorCode;
  /** Protocol step at which it happened, for example `PACE 4`; set by the protocols. */
  readonly step?: string;
  /** The chip's status word, where one was the reason. */
  readonly statusWord?: number;

  constructor(
    code: EmrtdErrorCode,
    message: string,
    options?: { step?: string; statusWord?: number; cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options?.step !== undefined) this.step = options.step;
    if (options?.statusWord !== undefined) this.statusWord = options.statusWord;
  }
}
