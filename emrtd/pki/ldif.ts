/**
 * LDIF (RFC 2849), the form in which the ICAO PKD publishes master lists, document signer certificates
 * and CRLs (ICAO 9303-12 8; ICAO PKD interface specification). Yields only the attributes that hold
 * such objects.
 */
import { EmrtdError } from '../errors.ts';

/** What one attribute of a directory entry holds. */
export interface LdifObject {
  kind: 'master-list' | 'certificate' | 'crl' | 'deviation-list';
  bytes: Uint8Array;
  /** Line where the attribute starts. */
  line: number;
}

const KINDS: Record<string, LdifObject['kind']> = {
  pkdmasterlistcontent: 'master-list',
  cscamasterlistdata: 'master-list',
  cscamasterlist: 'master-list',
  usercertificate: 'certificate',
  cacertificate: 'certificate',
  certificaterevocationlist: 'crl',
  authorityrevocationlist: 'crl',
  pkddeviationlistcontent: 'deviation-list',
  deviationlistdata: 'deviation-list',
};
const MAX_OBJECTS = 200_000;

/** True when a text looks like LDIF: its first line that is no comment is `version:` or `dn:`. */
export function looksLikeLdif(text: string): boolean {
  return /^\uFEFF?(?:[ \t]*\r?\n|#[^\n]*\n)*(?:version|dn)::?/i.test(text.slice(0, 4096));
}

/**
 * The objects of an LDIF file in order.
 * Throws PKI_MALFORMED for a line that is no LDIF, PKI_LIMIT for too many objects.
 */
export function parseLdif(text: string, name = 'LDIF'): LdifObject[] {
  const objects: LdifObject[] = [];
  for (const { line, parts } of logicalLines(text, name)) {
    const whole = parts.join('');
    if (whole === '' || whole === '-' || whole.startsWith('#')) continue;
    const colon = whole.indexOf(':');
    if (colon <= 0) throw bad(name, line, 'no attribute name');
    const kind = KINDS[whole.slice(0, colon).split(';', 1)[0].toLowerCase()];
    if (kind === undefined) continue;
    if (whole[colon + 1] !== ':') throw bad(name, line, 'value is not base64');
    if (objects.length >= MAX_OBJECTS) {
      throw new EmrtdError('PKI_LIMIT', `${name}: more than ${MAX_OBJECTS} objects`);
    }
    objects.push({ kind, bytes: decode(whole.slice(colon + 2).trim(), name, line), line });
  }
  return objects;
}

/** Lines with their continuations, which start with a blank (RFC 2849 note 2). */
function* logicalLines(text: string, name: string): Generator<{ line: number; parts: string[] }> {
  let current: { line: number; parts: string[] } | undefined;
  let number = 0;
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf('\n', start);
    const stop = newline < 0 ? text.length : newline;
    const end = stop > start && text[stop - 1] === '\r' ? stop - 1 : stop;
    const line = text.slice(start === 0 && text[0] === '\uFEFF' ? 1 : start, end);
    number++;
    if (line.startsWith(' ')) {
      if (current === undefined) throw bad(name, number, 'continuation of nothing');
      current.parts.push(line.slice(1));
    } else {
      if (current !== undefined) yield current;
      current = { line: number, parts: [line] };
    }
    start = stop + 1;
  }
  if (current !== undefined) yield current;
}

function decode(base64: string, name: string, line: number): Uint8Array {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    throw bad(name, line, 'value is not base64');
  }
}

function bad(name: string, line: number, what: string): EmrtdError {
  return new EmrtdError('PKI_MALFORMED', `${name}: line ${line}: ${what}`);
}
