/**
 * Base64 (RFC 4648 sections 4 and 5). Of request fields: lenient where clients differ (a data-URL prefix,
 * white space, missing padding, the URL-safe alphabet), strict on everything else. Of templates in answers:
 * in the form that the SDK was asked for (type Base64 of the Face Web SDK).
 */

/** RFC 2397, with a few parameters at most. */
const DATA_URL =
  /^data:(?:[a-z]{1,16}\/[a-z0-9.+-]{1,64})?(?:;[a-z0-9-]{1,32}=[^,;]{0,256}){0,4};base64,/i;
/** No less than the longest prefix that the pattern above can match. */
const DATA_URL_CHARS = 2048;

/** The bytes, or undefined when `text` is not base64 in one of the two alphabets. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const prefix = DATA_URL.exec(text.slice(0, DATA_URL_CHARS));
  const body = prefix === null ? text : text.slice(prefix[0].length);
  const alphabet = /[-_]/.test(body) ? 'base64url' : 'base64';
  try {
    return Uint8Array.fromBase64(body, { alphabet, lastChunkHandling: 'loose' });
  } catch {
    return undefined;
  }
}

/** Forms of `base64EncodingFlag`. */
export const BASE64_FORMS = [
  'DEFAULT',
  'NO_PADDING',
  'NO_WRAP',
  'CRLF',
  'URL_SAFE',
  'NO_CLOSE',
] as const;
export type Base64Form = typeof BASE64_FORMS[number];

/** Characters in a line, RFC 2045 section 6.8. */
const LINE = /.{1,76}/g;

/**
 * Only CRLF has lines: a decoder that reads lines reads text without them, too, but not the other way round.
 * NO_CLOSE is about streams and changes nothing here.
 */
export function encodeBase64(bytes: Uint8Array, form: Base64Form): string {
  switch (form) {
    case 'NO_PADDING':
      return bytes.toBase64({ omitPadding: true });
    case 'URL_SAFE':
      return bytes.toBase64({ alphabet: 'base64url' });
    case 'CRLF':
      return bytes.toBase64().replaceAll(LINE, '$&\r\n');
    default:
      return bytes.toBase64();
  }
}
