/**
 * X.509 certificates as CSCA, document signers and list signers issue them (RFC 5280 4.1; ICAO
 * 9303-12 7). Keeps the bytes as they were signed; nothing is ever encoded again.
 */
import {
  bitStringBytes,
  contextTag,
  explicit,
  fields,
  integer,
  parseTlv,
  smallInteger,
  TAG,
  time,
} from '../asn1/mod.ts';
import { digest, parseSpki, type PublicKey } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { Extensions, parseExtensions } from './extension.ts';
import { Name } from './name.ts';
import { type AlgorithmIdentifier, parseAlgorithm } from './signature-algorithm.ts';

/** Larger than any certificate seen by two orders of magnitude. */
const MAX_CERTIFICATE_BYTES = 256 * 1024;

/** A parsed certificate. Values of extensions and the public key are read when asked for. */
export class Certificate {
  /** The DER encoding, a view. */
  readonly raw: Uint8Array;
  /** tbsCertificate with tag and length: what the issuer signed. */
  readonly tbs: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  readonly serial: bigint;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** subjectPublicKeyInfo with tag and length. */
  readonly spki: Uint8Array;
  readonly extensions: Extensions;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** False when the algorithm inside the signed part differs from the one beside the signature. */
  readonly algorithmsAgree: boolean;
  readonly signature: Uint8Array;
  #publicKey: PublicKey | EmrtdError | undefined;
  #fingerprint: string | undefined;

  /** @internal Certificates come from `parseCertificate`. */
  constructor(bytes: Uint8Array, name: string) {
    if (bytes.length > MAX_CERTIFICATE_BYTES) {
      throw new EmrtdError('PKI_LIMIT', `${name}: certificate of ${bytes.length} bytes`);
    }
    const outer = fields(parseTlv(bytes, { name, maxNodes: 20_000 }), 'Certificate');
    const tbs = outer.required('tbsCertificate', TAG.sequence);
    const algorithm = outer.required('signatureAlgorithm', TAG.sequence);
    this.signature = bitStringBytes(outer.required('signature'));
    outer.end();
    this.raw = bytes;
    this.tbs = tbs.raw;
    this.signatureAlgorithm = parseAlgorithm(algorithm);

    const cursor = fields(tbs, 'TBSCertificate');
    const version = cursor.optional(contextTag(0));
    this.version = version === undefined ? 1 : smallInteger(explicit(version, 'version')) + 1;
    if (this.version > 3) {
      throw new EmrtdError('PKI_UNSUPPORTED', `${name}: certificate version ${this.version}`);
    }
    this.serial = integer(cursor.required('serialNumber'));
    const signed = cursor.required('signature', TAG.sequence);
    this.algorithmsAgree = signed.raw.toHex() === algorithm.raw.toHex();
    this.issuer = new Name(cursor.required('issuer', TAG.sequence));
    const validity = fields(cursor.required('validity'), 'Validity');
    this.notBefore = time(validity.required('notBefore'));
    this.notAfter = time(validity.required('notAfter'));
    validity.end();
    this.subject = new Name(cursor.required('subject', TAG.sequence));
    this.spki = cursor.required('subjectPublicKeyInfo', TAG.sequence).raw;
    cursor.optional(contextTag(1, 'primitive'));
    cursor.optional(contextTag(2, 'primitive'));
    const extensions = cursor.optional(contextTag(3));
    cursor.end();
    this.extensions = new Extensions(
      extensions === undefined ? [] : parseExtensions(explicit(extensions, 'extensions')),
      name,
    );
  }

  /** The subject's key, read once. Throws CRYPTO_* for a key that is unsupported or wrong. */
  get publicKey(): PublicKey {
    this.#publicKey ??= keyOrProblem(this.spki);
    if (this.#publicKey instanceof EmrtdError) throw this.#publicKey;
    return this.#publicKey;
  }

  /** SHA-256 of the encoding, lower-case hex: the identity of the certificate in stores and reports. */
  get fingerprint(): string {
    this.#fingerprint ??= digest('SHA-256', this.raw).toHex();
    return this.#fingerprint;
  }

  /** Serial number in upper-case hex, as tools print it. */
  get serialHex(): string {
    const hex = (this.serial < 0n ? -this.serial : this.serial).toString(16).toUpperCase();
    return this.serial < 0n ? `-${hex}` : hex;
  }

  /** Subject and issuer have the same name: a root, a link or another certificate of the same CA. */
  get selfIssued(): boolean {
    return this.issuer.equals(this.subject);
  }
}

function keyOrProblem(spki: Uint8Array): PublicKey | EmrtdError {
  try {
    return parseSpki(spki);
  } catch (error) {
    if (error instanceof EmrtdError) return error;
    throw error;
  }
}

/**
 * Parses one DER certificate; trailing bytes are refused. `name` stands for it in error messages.
 * Throws ASN1_*, PKI_LIMIT or PKI_UNSUPPORTED.
 */
export function parseCertificate(bytes: Uint8Array, name = 'certificate'): Certificate {
  return new Certificate(bytes, name);
}
