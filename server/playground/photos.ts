/** The two photos of a request: a form with the files `a` and `b`, nothing else. */
import { readForm } from '../core/http/form.ts';
import type { Side } from './answer.ts';
import { PlaygroundError } from './errors.ts';

const PHOTOS = 2;

export type Photos = Readonly<Record<Side, Uint8Array<ArrayBuffer>>>;

/** @throws ServerError FORM_INVALID; PlaygroundError REQUEST_INVALID naming what is missing */
export function readPhotos(body: Uint8Array, contentType: string): Photos {
  const form = readForm(body, contentType, PHOTOS);
  const file = (side: Side) => {
    const part = form.get(side);
    if (part?.isFile) return part.bytes;
    throw new PlaygroundError('REQUEST_INVALID', `form: ${side} is missing or not a file`);
  };
  return { a: file('a'), b: file('b') };
}
