/**
 * Reads `multipart/form-data` (RFC 7578) out of a body that has arrived. Parts are counted by their
 * delimiters before anything is built from them, and no name may come twice.
 */
import { ServerError } from '../errors.ts';

export const FORM_TYPE = 'multipart/form-data';

/** Parts by name, as bytes; where a part is text, decode it. */
export type Form = ReadonlyMap<string, FormPart>;

export interface FormPart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the part came as a file, with a file name. */
  readonly isFile: boolean;
}

const BOUNDARY = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i;

function invalid(message: string, options?: ErrorOptions): ServerError {
  return new ServerError('FORM_INVALID', message, options);
}

/**
 * @param contentType value of the header
 * @param maxParts a form of more is refused
 * @throws ServerError FORM_INVALID
 */
export async function readForm(
  body: Uint8Array,
  contentType: string,
  maxParts: number,
): Promise<Form> {
  const boundary = BOUNDARY.exec(contentType)?.slice(1).find((part) => part !== undefined);
  if (boundary === undefined) throw invalid('Content-Type is not multipart/form-data');
  if (delimiters(body, boundary, maxParts + 2) > maxParts + 1) {
    throw invalid('form: too many parts');
  }
  let parts: [string, FormDataEntryValue][];
  try {
    const response = new Response(body as Uint8Array<ArrayBuffer>, {
      headers: { 'Content-Type': contentType },
    });
    parts = [...await response.formData()] as [string, FormDataEntryValue][];
  } catch (cause) {
    throw invalid('form: cannot be read', { cause });
  }
  const form = new Map<string, FormPart>();
  for (const [name, value] of parts) {
    if (form.has(name)) throw invalid('form: a part comes twice');
    form.set(
      name,
      typeof value === 'string'
        ? { bytes: new TextEncoder().encode(value), isFile: false }
        : { bytes: new Uint8Array(await value.arrayBuffer()), isFile: true },
    );
  }
  return form;
}

/** Delimiters in a body, counted up to `most`. One more than there are parts. */
export function delimiters(bytes: Uint8Array, boundary: string, most: number): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = `--${boundary}`;
  let count = 0;
  for (let at = buffer.indexOf(text); at >= 0 && count < most;) {
    count++;
    at = buffer.indexOf(text, at + text.length);
  }
  return count;
}
