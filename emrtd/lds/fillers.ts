/**
 * Fillers and blanks at the ends of texts (ICAO 9303-3 4.2), in time that grows with the text: a pattern
 * like /<+$/ tries every place, which takes seconds for 64 KiB of them.
 */

/** The text without `<` at its end. */
export function withoutFillers(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '<') end--;
  return text.slice(0, end);
}

function isBlank(character: string): boolean {
  return character === '\u0000' || character.trim() === '';
}

/** The text without white space and zero characters around it, and without `<` at its end. */
export function trimmedText(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '<' || isBlank(text[end - 1]))) end--;
  let start = 0;
  while (start < end && isBlank(text[start])) start++;
  return text.slice(start, end);
}
