/**
 * Extensions of certificates and CRLs (RFC 5280 4.2, 5.2; ICAO 9303-12 7.1.1). Values are read when
 * they are asked for, so that a malformed value fails the check that needs it and nothing else.
 */
import {
  bitString,
  boolean,
  contextTag,
  explicit,
  fields,
  integer,
  octetString,
  oid,
  parseTlv,
  smallInteger,
  TAG,
  text,
  type Tlv,
} from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { Name } from './name.ts';
import { EXTENSION } from './oids.ts';

export interface Extension {
  oid: string;
  critical: boolean;
  /** Contents of extnValue, a view. */
  value: Uint8Array;
}

/** Bits of KeyUsage (RFC 5280 4.2.1.3). */
export const KEY_USAGE = {
  digitalSignature: 0,
  keyCertSign: 5,
  cRLSign: 6,
} as const;

const MAX_EXTENSIONS = 64;
/** localityName (X.520 6.3.4). */
const LOCALITY = '2.5.4.7';

/** The Extensions SEQUENCE. Repeated ones are kept: refusing them is the path check's business. */
export function parseExtensions(list: Tlv): Extension[] {
  const elements = fields(list, 'Extensions').rest();
  if (elements.length > MAX_EXTENSIONS) {
    throw new EmrtdError('PKI_LIMIT', `${list.source}: ${elements.length} extensions`);
  }
  return elements.map((element) => {
    const cursor = fields(element, 'Extension');
    const type = oid(cursor.required('extnID'));
    const critical = cursor.optional(TAG.boolean);
    const value = octetString(cursor.required('extnValue'));
    cursor.end();
    return { oid: type, critical: critical !== undefined && boolean(critical), value };
  });
}

/** Extensions of one certificate or CRL with typed readers; each returns undefined when it is absent. */
export class Extensions {
  readonly list: readonly Extension[];
  readonly #source: string;

  constructor(list: readonly Extension[], source: string) {
    this.list = list;
    this.#source = source;
  }

  get(type: string): Extension | undefined {
    return this.list.find((extension) => extension.oid === type);
  }

  /** Types that occur more than once, which RFC 5280 4.2 forbids. */
  get repeated(): string[] {
    const types = this.list.map((extension) => extension.oid);
    return types.filter((type, index) => types.indexOf(type) !== index);
  }

  #value(type: string, name: string): Tlv | undefined {
    const extension = this.get(type);
    return extension && parseTlv(extension.value, { name: `${this.#source}: ${name}` });
  }

  /** Key identifier of the subject. Some issuers wrote the bare bytes without an OCTET STRING (LT). */
  get subjectKeyIdentifier(): Uint8Array | undefined {
    const extension = this.get(EXTENSION.subjectKeyIdentifier);
    if (extension === undefined) return undefined;
    const { value } = extension;
    if (value.length >= 2 && value[0] === TAG.octetString && value[1] === value.length - 2) {
      return value.subarray(2);
    }
    if (value.length === 20) return value;
    throw new EmrtdError('PKI_MALFORMED', `${this.#source}: subjectKeyIdentifier is malformed`);
  }

  /** Key identifier of the issuer; undefined also when the extension holds none. */
  get authorityKeyIdentifier(): Uint8Array | undefined {
    const element = this.#value(EXTENSION.authorityKeyIdentifier, 'authorityKeyIdentifier');
    if (element === undefined) return undefined;
    const tag = contextTag(0, 'primitive');
    return fields(element, 'AuthorityKeyIdentifier').optional(tag)?.value;
  }

  /** CA flag and path length constraint. */
  get basicConstraints(): { ca: boolean; pathLength: number | undefined } | undefined {
    const element = this.#value(EXTENSION.basicConstraints, 'basicConstraints');
    if (element === undefined) return undefined;
    const cursor = fields(element, 'BasicConstraints');
    const ca = cursor.optional(TAG.boolean);
    const pathLength = cursor.optional(TAG.integer);
    cursor.end();
    return {
      ca: ca !== undefined && boolean(ca),
      pathLength: pathLength && smallInteger(pathLength),
    };
  }

  /** Reader of the key usage bits. */
  get keyUsage(): ((bit: number) => boolean) | undefined {
    const element = this.#value(EXTENSION.keyUsage, 'keyUsage');
    if (element === undefined) return undefined;
    const { bytes } = bitString(element);
    return (bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  }

  /** Purposes of extendedKeyUsage; RFC 5280 4.2.1.12 wants at least one. */
  get extendedKeyUsage(): string[] | undefined {
    const element = this.#value(EXTENSION.extendedKeyUsage, 'extendedKeyUsage');
    if (element === undefined) return undefined;
    const purposes = fields(element, 'ExtKeyUsageSyntax').rest().map((purpose) => oid(purpose));
    if (purposes.length === 0) {
      throw new EmrtdError('PKI_MALFORMED', `${this.#source}: extendedKeyUsage is empty`);
    }
    return purposes;
  }

  /** Bounds of privateKeyUsagePeriod, each optional. */
  get privateKeyUsagePeriod(): { notBefore?: Date; notAfter?: Date } | undefined {
    const element = this.#value(EXTENSION.privateKeyUsagePeriod, 'privateKeyUsagePeriod');
    if (element === undefined) return undefined;
    const cursor = fields(element, 'PrivateKeyUsagePeriod');
    const notBefore = cursor.optional(contextTag(0, 'primitive'));
    const notAfter = cursor.optional(contextTag(1, 'primitive'));
    cursor.end();
    return {
      ...(notBefore && { notBefore: implicitTime(notBefore) }),
      ...(notAfter && { notAfter: implicitTime(notAfter) }),
    };
  }

  /**
   * Document codes of documentTypeList, such as `P` or `ID` (ICAO 9303-12 7.1.1). Some issuers leave
   * out the version, some write one code without the SET (SG).
   */
  get documentTypes(): string[] | undefined {
    const element = this.#value(EXTENSION.documentTypeList, 'documentTypeList');
    if (element === undefined) return undefined;
    const cursor = fields(element, 'DocumentTypeList');
    cursor.optional(TAG.integer);
    const list = cursor.required('docTypeList');
    return (list.tag === TAG.set ? list.children() : [list]).map((type) => text(type));
  }

  /**
   * States for which the subject signs, as their code stands in the MRZ: `D`, `AUT`. From the
   * directory name in subjectAltName (ICAO 9303-12 7.1.1); empty when it names none.
   */
  get issuingStates(): string[] {
    const element = this.#value(EXTENSION.subjectAltName, 'subjectAltName');
    if (element === undefined) return [];
    return fields(element, 'GeneralNames').rest()
      .filter(({ tag }) => tag === contextTag(4))
      .flatMap((choice) => new Name(explicit(choice, 'directoryName')).values(LOCALITY));
  }

  /** DER of the full names in crlDistributionPoints, to compare with those of a CRL. */
  get distributionPoints(): string[] {
    const element = this.#value(EXTENSION.crlDistributionPoints, 'crlDistributionPoints');
    if (element === undefined) return [];
    return element.children().flatMap((point) =>
      point.children().filter((part) => part.tag === contextTag(0)).flatMap(fullNames)
    );
  }

  /** CRL number (RFC 5280 5.2.3). */
  get crlNumber(): bigint | undefined {
    const element = this.#value(EXTENSION.crlNumber, 'cRLNumber');
    return element && integer(element);
  }

  /** Scope of a CRL (RFC 5280 5.2.5). `names` is undefined when it is not bound to a point. */
  get issuingDistributionPoint(): { names: string[] | undefined; partial: boolean } | undefined {
    const element = this.#value(
      EXTENSION.issuingDistributionPoint,
      'issuingDistributionPoint',
    );
    if (element === undefined) return undefined;
    const parts = fields(element, 'IssuingDistributionPoint').rest();
    const point = parts.find((part) => part.tag === contextTag(0));
    return { names: point && fullNames(point), partial: parts.some((part) => part !== point) };
  }
}

/** GeneralNames of a DistributionPointName [0], each as hex of its DER. */
function fullNames(point: Tlv): string[] {
  return point.children()
    .filter((choice) => choice.tag === contextTag(0))
    .flatMap((names) => names.children().map((name) => name.raw.toHex()));
}

function implicitTime(element: Tlv): Date {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(
    new TextDecoder('latin1').decode(element.value.subarray(0, 16)),
  );
  if (match === null) {
    throw new EmrtdError('PKI_MALFORMED', `${element.source}: not a GeneralizedTime`);
  }
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}
