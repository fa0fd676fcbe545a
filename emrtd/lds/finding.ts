/**
 * Findings: what is odd or broken in a file of the logical data structure without making the rest of
 * it unreadable. Real documents deviate from ICAO 9303-10; a reader reports it and goes on.
 */

/** Kinds of deviation. Messages name the element, never its contents. */
export type FindingCode =
  | 'malformed' // an element breaks its format and was left out
  | 'missing' // an element that 9303-10 makes mandatory is absent
  | 'undeclared' // present although the tag list or the count does not announce it, or the reverse
  | 'unexpected' // an element that does not belong there; ignored
  | 'length-mismatch' // a length that disagrees with the bytes present
  | 'trailing-bytes' // bytes after the end of the structure; ignored
  | 'bad-character' // text outside the alphabet that 9303 allows; kept as it stands
  | 'limit' // more elements than the library reads; the others were left out
  | 'unsupported'; // a version or format that the library does not know

export interface Finding {
  /** File and, where it helps, the part of it: `DG11`, `DG2 image 1`. */
  file: string;
  code: FindingCode;
  message: string;
}

/** A parsed file: its contents and what was odd about it. */
export interface Parsed<T> {
  data: T;
  findings: Finding[];
}

/** Collects the findings of one file. */
export class Findings {
  readonly list: Finding[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Notes a finding; past 100 of them in one file only the first 100 are kept. */
  add(code: FindingCode, message: string, part?: string): void {
    if (this.list.length >= MAX_FINDINGS) return;
    this.list.push({
      file: part === undefined ? this.#file : `${this.#file} ${part}`,
      code,
      message,
    });
  }
}

/** A hostile file must not turn into an endless report. */
const MAX_FINDINGS = 100;
