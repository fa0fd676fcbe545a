/** Text of LDS elements (ICAO 9303-10 4.7.11): UTF-8, `<` between parts; issuers also use Latin-1. */
import { trimmedText } from './fillers.ts';
import type { Findings } from './finding.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Longest text read out of one element, in bytes; whole files are bounded to 64 KiB by 9303-10. */
const MAX_TEXT_BYTES = 0x10000;

/** One character per byte. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, MAX_TEXT_BYTES)) text += String.fromCharCode(byte);
  return text;
}

/**
 * Text as UTF-8; bytes that are not UTF-8 are read as Latin-1 with a finding. Fillers and spaces around
 * the text go; null when nothing is left, and for single zero bytes that some issuers write for none.
 */
export function fieldText(bytes: Uint8Array, part: string, findings: Findings): string | null {
  let text: string;
  try {
    text = utf8.decode(bytes.subarray(0, MAX_TEXT_BYTES));
  } catch {
    findings.add('bad-character', 'text is not UTF-8, read as Latin-1', part);
    text = asciiText(bytes);
  }
  const trimmed = trimmedText(text);
  return trimmed === '' ? null : trimmed;
}

/** The parts of a text between fillers, empty ones left out; null when none is left. */
export function fieldParts(bytes: Uint8Array, part: string, findings: Findings): string[] | null {
  const text = fieldText(bytes, part, findings);
  const parts = text?.split('<').map((piece) => piece.trim()).filter((piece) => piece !== '');
  return parts === undefined || parts.length === 0 ? null : parts;
}
