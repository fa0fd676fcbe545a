/** Dates of DG11, DG12 and DG16 (ICAO 9303-10 4.7.11): eight digits of text, in practice also BCD bytes. */
import type { Findings } from './finding.ts';
import { asciiText } from './text.ts';

/**
 * Digits of a date (`yyyyMMdd`) or a time (`yyyyMMddHHmmss`), `digits` of them, from text or from BCD.
 * Unknown months and days are written 00 or as fillers and stay as they are (fillers as 0). Null with a
 * finding when the element is neither; null without one when it is empty or a single zero byte.
 */
export function dateDigits(
  bytes: Uint8Array,
  digits: 8 | 14,
  part: string,
  findings: Findings,
): string | null {
  if (bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0)) return null;
  const text = bytes.length === digits
    ? asciiText(bytes).replaceAll('<', '0')
    : bytes.length === digits / 2
    ? bytes.toHex()
    : '';
  if (/^\d+$/.test(text) && possible(text)) return text;
  findings.add('malformed', `not a date of ${digits} digits`, part);
  return null;
}

function possible(text: string): boolean {
  const at = (start: number) => Number(text.slice(start, start + 2));
  return at(4) <= 12 && at(6) <= 31 &&
    (text.length === 8 || (at(8) <= 23 && at(10) <= 59 && at(12) <= 60));
}
