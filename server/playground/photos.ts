/** The two photos of a request: multipart/form-data (RFC 7578) with the files `a` and `b`, nothing else. */
import { delimiters } from '../core/http/form.ts';
import type { Side } from './answer.ts';
import { PlaygroundError } from './errors.ts';

/** RFC 2046 5.1.1: a boundary is 1 to 70 of these characters. */
const BOUNDARY =
  /^multipart\/form-data;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'+.-]{1,70}))$/i;

/** Two parts have three delimiter lines; contents may hold the same bytes only on purpose. */
const DELIMITERS = 3;

export type Photos = Readonly<Record<Side, Uint8Array<ArrayBuffer>>>;

/** The boundary of a Content-Type. @throws PlaygroundError REQUEST_INVALID */
export function boundaryOf(contentType: string | null): string {
  const match = BOUNDARY.exec(contentType?.trim() ?? '');
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) {
    throw new PlaygroundError('REQUEST_INVALID', 'Content-Type: not multipart/form-data');
  }
  return boundary;
}

/**
 * Counts the parts before anything is built from them, then lets the runtime parse.
 * @throws PlaygroundError REQUEST_INVALID naming what is missing
 */
export async function readPhotos(bytes: Uint8Array, boundary: string): Promise<Photos> {
  if (delimiters(bytes, boundary, DELIMITERS + 1) !== DELIMITERS) {
    throw new PlaygroundError('REQUEST_INVALID', 'form: must have exactly the files a and b');
  }
  const form = await parse(bytes, boundary);
  return { a: await file(form, 'a'), b: await file(form, 'b') };
}

async function parse(bytes: Uint8Array, boundary: string): Promise<FormData> {
  try {
    return await new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: { 'Content-Type': `multipart/form-data; boundary="${boundary}"` },
    }).formData();
  } catch (cause) {
    throw new PlaygroundError('REQUEST_INVALID', 'form: cannot be read', { cause });
  }
}

async function file(form: FormData, side: Side): Promise<Uint8Array<ArrayBuffer>> {
  const value = form.get(side);
  if (!(value instanceof Blob)) {
    throw new PlaygroundError('REQUEST_INVALID', `form: ${side} is missing or not a file`);
  }
  return new Uint8Array(await value.arrayBuffer());
}
