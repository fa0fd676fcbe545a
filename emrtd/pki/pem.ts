/** PEM text (RFC 7468) with one or many certificates and CRLs, and text between them. */
import { EmrtdError } from '../errors.ts';

/** One block of a bundle. */
export interface PemBlock {
  /** What stands behind BEGIN: `CERTIFICATE`, `X509 CRL`. */
  label: string;
  bytes: Uint8Array;
}

const BEGIN = /^-----BEGIN ([A-Z0-9 ]{1,64})-----$/;
const END = /^-----END ([A-Z0-9 ]{1,64})-----$/;

/**
 * The blocks of a PEM file, in order. Text outside of blocks is passed over.
 * Throws PKI_MALFORMED for a block that does not end or is not base64.
 */
export function parsePem(text: string, name = 'PEM'): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; lines: string[]; line: number } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const begin = BEGIN.exec(line);
    const end = END.exec(line);
    if (begin !== null) {
      if (open !== undefined) throw bad(name, open.line, 'block does not end');
      open = { label: begin[1], lines: [], line: index + 1 };
    } else if (end !== null) {
      if (open === undefined || open.label !== end[1]) {
        throw bad(name, index + 1, 'END without its BEGIN');
      }
      blocks.push({ label: open.label, bytes: decode(open.lines.join(''), name, open.line) });
      open = undefined;
    } else open?.lines.push(line);
  }
  if (open !== undefined) throw bad(name, open.line, 'block does not end');
  return blocks;
}

function decode(base64: string, name: string, line: number): Uint8Array {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    throw bad(name, line, 'block is not base64');
  }
}

function bad(name: string, line: number, what: string): EmrtdError {
  return new EmrtdError('PKI_MALFORMED', `${name}: line ${line}: ${what}`);
}
