/**
 * Reads `multipart/form-data` (RFC 7578; RFC 2046 5.1) out of a body that has arrived: a cursor that goes from
 * delimiter to delimiter and ends at the first thing that is not as it should be. Our own, because the
 * runtime's parser ends a name at a NUL, drops parts without a name and has its own idea of the boundary.
 */
import { ServerError } from '../errors.ts';
import { readHeaderValue } from './parameters.ts';

export const FORM_TYPE = 'multipart/form-data';

/** Parts by name, as bytes; where a part is text, decode it. */
export type Form = ReadonlyMap<string, FormPart>;

export interface FormPart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the part came as a file, with a file name. */
  readonly isFile: boolean;
}

/** RFC 2046 5.1.1, and any other visible ASCII that needs no escape: clients choose `*****` and `{...}`. */
const BOUNDARY = /^[ !#-[\]-~]{0,69}[!#-[\]-~]$/;
/** All header lines of one part. */
const MAX_HEADER_BYTES = 4096;
const HEADER_LINE = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*)$/;
const CRLF = '\r\n';
const HYPHEN = 0x2d;

function invalid(message: string): ServerError {
  return new ServerError('FORM_INVALID', message);
}

/**
 * What separates the parts, by the value of a Content-Type.
 * @throws ServerError FORM_INVALID
 */
export function boundaryOf(contentType: string): string {
  const { value, parameters } = readHeaderValue(contentType) ?? {};
  const boundary = parameters?.get('boundary');
  if (value !== FORM_TYPE || boundary === undefined || !BOUNDARY.test(boundary)) {
    throw invalid('Content-Type is not multipart/form-data with a boundary');
  }
  return boundary;
}

/**
 * The parts of a form, copied out of the body.
 * @param contentType value of the header
 * @param maxParts a form of more is refused
 * @throws ServerError FORM_INVALID
 */
export function readForm(body: Uint8Array, contentType: string, maxParts: number): Form {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const line = `--${boundaryOf(contentType)}`;
  const form = new Map<string, FormPart>();
  for (let at = firstDelimiter(bytes, line);;) {
    const start = afterDelimiter(bytes, at);
    if (start === undefined) return form;
    if (form.size === maxParts) throw invalid('form: too many parts');
    const headerEnd = bytes.subarray(start, start + MAX_HEADER_BYTES).indexOf(CRLF + CRLF);
    if (headerEnd < 0) throw invalid('form: headers of a part do not end');
    const { name, isFile } = disposition(bytes.subarray(start, start + headerEnd));
    if (form.has(name)) throw invalid('form: a part comes twice');
    const content = start + headerEnd + 2 * CRLF.length;
    const end = bytes.indexOf(CRLF + line, content);
    if (end < 0) throw invalid('form: a part does not end');
    form.set(name, { bytes: new Uint8Array(bytes.subarray(content, end)), isFile });
    at = end + CRLF.length + line.length;
  }
}

/** Where the first delimiter ends; there may be a preamble before it. */
function firstDelimiter(bytes: Buffer, line: string): number {
  if (bytes.indexOf(line) === 0) return line.length;
  const at = bytes.indexOf(CRLF + line);
  if (at < 0) throw invalid('form: it does not begin');
  return at + CRLF.length + line.length;
}

/** Where the part behind a delimiter begins; undefined behind the last one. */
function afterDelimiter(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] === HYPHEN && bytes[at + 1] === HYPHEN) return undefined;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
  if (bytes[at] !== 0x0d || bytes[at + 1] !== 0x0a) throw invalid('form: a delimiter does not end');
  return at + CRLF.length;
}

/** What the header lines of a part say of it. */
function disposition(header: Buffer): { name: string; isFile: boolean } {
  let found: ReturnType<typeof readHeaderValue>;
  for (const line of header.toString('utf8').split(CRLF)) {
    const [, key, text] = HEADER_LINE.exec(line) ?? [];
    if (key === undefined) throw invalid('form: a header of a part is malformed');
    if (key.toLowerCase() !== 'content-disposition') continue;
    if (found !== undefined) throw invalid('form: a part is described twice');
    found = readHeaderValue(text);
  }
  const name = found?.parameters.get('name');
  if (found?.value !== 'form-data' || !name) throw invalid('form: a part has no name');
  const isFile = found.parameters.has('filename') || found.parameters.has('filename*');
  return { name, isFile };
}
