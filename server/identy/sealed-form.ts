/** The forms that carry a sealed capture in the field `file`, as examples name it, or `File`, as tables do. */
import { type Form, readForm } from '../core/http/form.ts';
import type { Captures, OpenedCapture } from './captures.ts';
import type { Arrived } from './endpoint.ts';
import { missing, toEnvelopeError } from './errors.ts';

/** Fields of the specification, and a few that clients add. */
const MAX_PARTS = 16;
/** Longest text of a field beside pictures. */
const MAX_FIELD_BYTES = 256;

/** @throws ServerError FORM_INVALID */
export function readSealedForm({ bytes, contentType }: Arrived): Form {
  return readForm(bytes, contentType, MAX_PARTS);
}

/** @throws IdentyError ERROR_INVALID_JSON without a file, ERROR_DECRYPTION_FAILED, ERROR_REQUEST_EXPIRED */
export async function openSealed(form: Form, captures: Captures): Promise<OpenedCapture> {
  const file = form.get('file') ?? form.get('File');
  if (file === undefined) throw missing('file');
  try {
    return await captures.open(file.bytes, Date.now());
  } catch (error) {
    throw toEnvelopeError(error);
  }
}

/** Text of a field; undefined when it is not there. @throws IdentyError ERROR_INVALID_JSON when it is too long */
export function textField(form: Form, name: string): string | undefined {
  const part = form.get(name);
  if (part === undefined) return undefined;
  if (part.bytes.length > MAX_FIELD_BYTES) throw missing(name);
  return new TextDecoder().decode(part.bytes);
}
