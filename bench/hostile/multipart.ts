/** Forms as bytes, for what FormData would not write. */
import type { Bytes, Case } from './case.ts';
import type { Expected } from './expected.ts';

export const BOUNDARY = 'gatehouse-hostile-boundary';
export const FORM = `multipart/form-data; boundary=${BOUNDARY}`;

/** Name, or whole header lines; and the content. */
export type Part = readonly [name: string | readonly string[], content: string | Uint8Array];

/** A Content-Disposition line for a file. */
export const fileHeader = (name: string, filename = 'bdata'): string =>
  `Content-Disposition: form-data; name="${name}"; filename="${filename}"`;

/** @param headers of one part, and its content */
export function partBytes([headers, content]: Part, boundary = BOUNDARY): Uint8Array {
  const lines = typeof headers === 'string'
    ? [`Content-Disposition: form-data; name="${headers}"`]
    : headers;
  const head = `--${boundary}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(content as string), Buffer.from('\r\n')]);
}

export function formBytes(parts: readonly Part[], boundary = BOUNDARY): Bytes {
  return new Uint8Array(Buffer.concat([
    ...parts.map((part) => partBytes(part, boundary)),
    Buffer.from(`--${boundary}--\r\n`),
  ]));
}

/** The request that carries such a form. */
export function formCase(
  path: string,
  body: Bytes | string,
  expect: readonly Expected[],
  contentType = FORM,
): Case {
  return { send: { path, headers: { 'Content-Type': contentType }, body }, expect };
}
