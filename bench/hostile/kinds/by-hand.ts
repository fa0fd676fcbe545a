/** Requests written by hand to one endpoint that reads its body and refuses what is in it. */
import { type Case, type Kind, pick } from '../case.ts';
import type { Expected } from '../expected.ts';
import { FACE_AS } from '../honest.ts';
import { request } from '../wire.ts';

export const JSON_LINE = 'Content-Type: application/json';
/** Refused for its picture, which shows that it arrived whole. */
export const BODY = '{"image":"AAAA","threshold":"LOW"}';

export function byHand(bytes: string | Uint8Array, ...expect: Expected[]): Case {
  return { send: { wire: [bytes] }, expect };
}

/** The same request with other headers. */
export function headed(headers: readonly string[], body: string, ...expect: Expected[]): Case {
  return byHand(request(`POST ${FACE_AS}`, [JSON_LINE, ...headers], body), ...expect);
}

/** One of several header lines for the same answer. */
export function oneOf(
  name: string,
  lines: readonly (string | readonly string[])[],
  expect: Expected,
  body = BODY,
): Kind {
  return {
    name,
    make: ({ random }) => headed([pick(random, lines)].flat(), body, expect),
  };
}
