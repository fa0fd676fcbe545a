/** Text inside drawings. */

/** Text of an XML element; control characters have no place in one. */
export function escapeXml(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
