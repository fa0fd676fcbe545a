/**
 * Certificate revocation lists (RFC 5280 5; ICAO 9303-12 7.2). Entries are read once, into a map from
 * serial number, on the first question.
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
  type Tlv,
} from '../asn1/mod.ts';
import { digest } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { type Extension, Extensions, parseExtensions } from './extension.ts';
import { Name } from './name.ts';
import { EXTENSION } from './oids.ts';
import { type AlgorithmIdentifier, parseAlgorithm } from './signature-algorithm.ts';

const MAX_CRL_BYTES = 32 * 1024 * 1024;
/** Seven elements an entry: room for some 200,000 revoked certificates. */
const MAX_NODES = 1_500_000;

/** Extensions that a CRL may mark critical because they are understood here. */
const KNOWN_CRL = new Set<string>([
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.issuerAltName,
  EXTENSION.issuingDistributionPoint,
]);
const KNOWN_ENTRY = new Set<string>([EXTENSION.reasonCode, EXTENSION.invalidityDate]);

/** A parsed CRL. */
export class Crl {
  /** The DER encoding, a view. */
  readonly raw: Uint8Array;
  /** tbsCertList with tag and length. */
  readonly tbs: Uint8Array;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  /** Undefined when the list does not say; 9303-12 asks for it. */
  readonly nextUpdate: Date | undefined;
  readonly extensions: Extensions;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly algorithmsAgree: boolean;
  readonly signature: Uint8Array;
  readonly #entries: readonly Tlv[];
  #revoked: Map<bigint, Date> | undefined;
  #unknownCritical: string | undefined;
  #fingerprint: string | undefined;

  /** @internal CRLs come from `parseCrl`. */
  constructor(bytes: Uint8Array, name: string) {
    if (bytes.length > MAX_CRL_BYTES) {
      throw new EmrtdError('PKI_LIMIT', `${name}: CRL of ${bytes.length} bytes`);
    }
    const outer = fields(parseTlv(bytes, { name, maxNodes: MAX_NODES }), 'CertificateList');
    const tbs = outer.required('tbsCertList', TAG.sequence);
    const algorithm = outer.required('signatureAlgorithm', TAG.sequence);
    this.signature = bitStringBytes(outer.required('signature'));
    outer.end();
    this.raw = bytes;
    this.tbs = tbs.raw;
    this.signatureAlgorithm = parseAlgorithm(algorithm);

    const cursor = fields(tbs, 'TBSCertList');
    const version = cursor.optional(TAG.integer);
    if (version !== undefined && smallInteger(version) > 1) {
      throw new EmrtdError('PKI_UNSUPPORTED', `${name}: CRL version is unknown`);
    }
    this.algorithmsAgree =
      cursor.required('signature', TAG.sequence).raw.toHex() === algorithm.raw.toHex();
    this.issuer = new Name(cursor.required('issuer', TAG.sequence));
    this.thisUpdate = time(cursor.required('thisUpdate'));
    const nextUpdate = cursor.optional(TAG.utcTime, TAG.generalizedTime);
    this.nextUpdate = nextUpdate && time(nextUpdate);
    this.#entries = cursor.optional(TAG.sequence)?.children() ?? [];
    const extensions = cursor.optional(contextTag(0));
    cursor.end();
    this.extensions = new Extensions(
      extensions === undefined ? [] : parseExtensions(explicit(extensions, 'crlExtensions')),
      name,
    );
  }

  /** When the certificate of this serial number was revoked; undefined when it is not listed. */
  revocationDate(serial: bigint): Date | undefined {
    return this.#read().get(serial);
  }

  /** Number of revoked certificates. */
  get size(): number {
    return this.#entries.length;
  }

  /** A critical extension of the list or of any entry that is not understood here, if there is one. */
  get unknownCriticalExtension(): string | undefined {
    const own = this.extensions.list.find((e) => e.critical && !KNOWN_CRL.has(e.oid));
    if (own !== undefined) return own.oid;
    this.#read();
    return this.#unknownCritical;
  }

  /** SHA-256 of the encoding, lower-case hex. */
  get fingerprint(): string {
    this.#fingerprint ??= digest('SHA-256', this.raw).toHex();
    return this.#fingerprint;
  }

  #read(): Map<bigint, Date> {
    if (this.#revoked !== undefined) return this.#revoked;
    const revoked = new Map<bigint, Date>();
    for (const entry of this.#entries) {
      const cursor = fields(entry, 'revokedCertificate');
      const serial = integer(cursor.required('userCertificate'));
      revoked.set(serial, time(cursor.required('revocationDate')));
      const extensions = cursor.optional(TAG.sequence);
      cursor.end();
      if (extensions !== undefined) this.#note(parseExtensions(extensions));
    }
    this.#revoked = revoked;
    return revoked;
  }

  #note(extensions: Extension[]): void {
    this.#unknownCritical ??= extensions.find((e) => e.critical && !KNOWN_ENTRY.has(e.oid))?.oid;
  }
}

/** Parses one DER CRL; trailing bytes are refused. Throws ASN1_*, PKI_LIMIT or PKI_UNSUPPORTED. */
export function parseCrl(bytes: Uint8Array, name = 'CRL'): Crl {
  return new Crl(bytes, name);
}
