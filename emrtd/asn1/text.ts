/** Character strings and times of ASN.1 (X.680 41, 46, 47; RFC 5280 4.1.2.5 for the forms of times). */
import { EmrtdError } from '../errors.ts';
import { TAG } from './tags.ts';
import { tagName, type Tlv } from './tlv.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function bad(element: Tlv, what: string): EmrtdError {
  return new EmrtdError(
    'ASN1_MALFORMED',
    `${element.source}: ${what} at offset ${element.start}`,
  );
}

/** True when the element is one of the character string types that `text` reads. */
export function isText(element: Tlv): boolean {
  switch (element.tag) {
    case TAG.utf8String:
    case TAG.numericString:
    case TAG.printableString:
    case TAG.teletexString:
    case TAG.ia5String:
    case TAG.visibleString:
    case TAG.universalString:
    case TAG.bmpString:
      return true;
    default:
      return false;
  }
}

/**
 * Text of any character string type. The one-byte types are read as Latin-1 because issuers put
 * letters outside their repertoire into them; `tag` reads an implicitly tagged string as UTF-8.
 */
export function text(element: Tlv, tag?: number): string {
  const bytes = element.value;
  if (tag === undefined ? element.tag === TAG.utf8String : element.tag === tag) {
    try {
      return utf8.decode(bytes);
    } catch {
      throw bad(element, 'text is not UTF-8');
    }
  }
  if (tag !== undefined || !isText(element)) {
    throw new EmrtdError(
      'ASN1_UNEXPECTED',
      `${element.source}: expected text, found tag ${
        tagName(element.tag)
      } at offset ${element.start}`,
    );
  }
  if (element.tag === TAG.bmpString || element.tag === TAG.universalString) {
    return wide(element, bytes, element.tag === TAG.bmpString ? 2 : 4);
  }
  return latin1(bytes);
}

function wide(element: Tlv, bytes: Uint8Array, width: 2 | 4): string {
  if (bytes.length % width !== 0) throw bad(element, 'text ends within a character');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let result = '';
  for (let i = 0; i < bytes.length; i += width) {
    const code = width === 2 ? view.getUint16(i) : view.getUint32(i);
    if (code > 0x10ffff) throw bad(element, 'text holds no such character');
    result += width === 2 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }
  return result;
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Instant of a UTCTime or GeneralizedTime, in the two forms of RFC 5280 4.1.2.5 (seconds and Z
 * present, years 50 to 99 of UTCTime in the 20th century).
 */
export function time(element: Tlv): Date {
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime) {
    throw new EmrtdError(
      'ASN1_UNEXPECTED',
      `${element.source}: expected a time, found tag ${
        tagName(element.tag)
      } at offset ${element.start}`,
    );
  }
  const short = element.tag === TAG.utcTime;
  const match = element.value.length > 32
    ? null
    : (short ? UTC_TIME : GENERALIZED_TIME).exec(latin1(element.value));
  if (match === null) {
    throw bad(element, 'time is not of the form YYMMDDhhmmssZ or YYYYMMDDhhmmssZ');
  }
  const [written, month, day, hour, minute, second] = match.slice(1).map(Number);
  const year = short ? (written < 50 ? 2000 + written : 1900 + written) : written;
  const instant = new Date(0);
  instant.setUTCFullYear(year, month - 1, day);
  instant.setUTCHours(hour, minute, second);
  if (
    instant.getUTCMonth() !== month - 1 || instant.getUTCDate() !== day ||
    instant.getUTCHours() !== hour || instant.getUTCMinutes() !== minute ||
    instant.getUTCSeconds() !== second
  ) {
    throw bad(element, 'time does not exist');
  }
  return instant;
}
