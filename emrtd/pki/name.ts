/**
 * Distinguished names (X.501; RFC 5280 4.1.2.4 and 7.1): comparison that ignores letter case, white
 * space and the string type, as certificates of one state differ in all three, and a readable form.
 */
import { fields, isText, oid, TAG, text, type Tlv } from '../asn1/mod.ts';

/** Short names of the attribute types that occur in CSCA and DS certificates (RFC 4519 2; X.520). */
const SHORT_NAME: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};
const COUNTRY = '2.5.4.6';
/** Characters of the readable form; the longest name of a known CSCA has 249. */
const MAX_TEXT = 500;

interface Attribute {
  type: string;
  /** Text as written; hex after `#` for a value that is not a string. */
  value: string;
}

function attributes(set: Tlv): Attribute[] {
  return set.children().map((element) => {
    const cursor = fields(element, 'AttributeTypeAndValue');
    const type = oid(cursor.required('type'));
    const value = cursor.required('value');
    cursor.end();
    return { type, value: readValue(value) };
  });
}

function readValue(value: Tlv): string {
  try {
    if (isText(value)) return text(value);
  } catch {
    // text in a wrong encoding: two such values are equal only when their bytes are
  }
  return `#${value.raw.toHex()}`;
}

/** The comparable form of one value: RFC 5280 7.1 by way of NFKC, lower case, single blanks. */
function fold(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}

/** A distinguished name. */
export class Name {
  /** The DER encoding, a view. */
  readonly raw: Uint8Array;
  readonly #parts: Attribute[][];
  #key: string | undefined;

  constructor(element: Tlv) {
    this.raw = element.raw;
    this.#parts = element.children().map((set) => {
      if (set.tag !== TAG.set) fields(set, 'RelativeDistinguishedName', TAG.set);
      return attributes(set);
    });
  }

  get empty(): boolean {
    return this.#parts.length === 0;
  }

  /** Equal for two names that RFC 5280 7.1 calls the same; for maps and comparison, not for people. */
  get key(): string {
    this.#key ??= JSON.stringify(
      this.#parts.map((set) => set.map(({ type, value }) => [type, fold(value)]).sort(order)),
    );
    return this.#key;
  }

  /** Two letters of the first country attribute in upper case, or an empty string. */
  get country(): string {
    return this.values(COUNTRY)[0]?.trim().toUpperCase() ?? '';
  }

  /** Values of one attribute type, as written. */
  values(attributeType: string): string[] {
    return this.#parts.flat().filter(({ type }) => type === attributeType).map(({ value }) =>
      value
    );
  }

  equals(other: Name): boolean {
    return this.key === other.key;
  }

  /**
   * Readable form in the order written: `C=DE, O=bund, CN=csca-germany`. Control characters are
   * replaced and an absurd length is cut, as it goes into messages and onto terminals.
   */
  toString(): string {
    const text = this.#parts
      .map((set) => set.map(({ type, value }) => `${SHORT_NAME[type] ?? type}=${value}`).join('+'))
      .join(', ')
      .replace(/\p{C}/gu, '?');
    return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  }
}

function order(a: string[], b: string[]): number {
  const [left, right] = [a.join('='), b.join('=')];
  return left < right ? -1 : left > right ? 1 : 0;
}
