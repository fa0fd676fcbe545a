/**
 * The base64 of request fields (RFC 4648 sections 4 and 5). Lenient where clients differ (a data-URL
 * prefix, white space, missing padding, the URL-safe alphabet), strict on everything else.
 */
const DATA_URL = /^data:[a-z]{1,16}\/[a-z0-9.+-]{1,64};base64,/i;
/** Longest prefix the pattern above can match. */
const DATA_URL_CHARS = 128;

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
