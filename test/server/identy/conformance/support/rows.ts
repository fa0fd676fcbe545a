/**
 * What the conformance table is made of. A row is one statement of the documentation of the IDENTY Web
 * Server 6 and the check that shows it; the tests and the page are both made from the rows.
 */
import { expect } from 'bun:test';
import type { Site } from './site.ts';

export const KINDS = ['request', 'headers', 'answer', 'errors'] as const;
export type Kind = typeof KINDS[number];

export interface Row {
  /** As the documentation names it, e.g. `data.width`. */
  readonly row: string;
  /** What the check shows of it. */
  readonly shows: string;
  /** What was chosen where the documentation is unclear or contradicts itself. */
  readonly remark?: string | undefined;
  /** Throws when the server does not do it. */
  readonly check: (site: Site) => void | Promise<void>;
}

export interface Table {
  readonly endpoint: string;
  /** File of the rows. */
  readonly file: string;
  readonly rows: Readonly<Record<Kind, readonly Row[]>>;
}

/** Asks the server something that has a good answer. */
export type Send = (site: Site, headers?: Record<string, string>) => Promise<Response>;

/** The answer to one request, asked for once for all rows that read it. */
export function asked(send: Send): (site: Site) => Promise<unknown> {
  const answers = new WeakMap<Site, Promise<unknown>>();
  return (site) => {
    let answer = answers.get(site);
    if (answer === undefined) answers.set(site, answer = send(site).then((got) => got.json()));
    return answer;
  };
}

/** The value at `data.quality.eyes_status`; undefined where there is none. */
export function valueAt(answer: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    answer,
  );
}

/** The row of one field of an answer. */
export function field(
  answer: (site: Site) => Promise<unknown>,
  path: string,
  shows: string,
  check: (value: unknown) => void,
  remark?: string,
): Row {
  return {
    row: path,
    shows,
    remark,
    check: async (site) => check(valueAt(await answer(site), path)),
  };
}

/** Checks of single values. */
export const equals = (wanted: unknown) => (value: unknown) => expect(value).toEqual(wanted);
export const matches = (pattern: RegExp) => (value: unknown) => expect(value).toMatch(pattern);
export const isBase64Of = (bytes: Uint8Array) => (value: unknown) =>
  expect(value).toBe(bytes.toBase64());

/** A whole number of 0 to 100, and this one. */
export const isPercent = (wanted: number) => (value: unknown) => {
  expect(value).toBeInteger();
  expect(wanted).toBeWithin(0, 101);
  expect(value).toBe(wanted);
};

/** `W-{modality}-{action}-{uid}-{timestamp}` of an action. */
export function isRefid(action: string): (value: unknown) => void {
  const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
  return matches(new RegExp(`^W-face-${action}-${uuid}-\\d{13}$`));
}
