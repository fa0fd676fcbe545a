/**
 * The common build of DG11 and DG12 (ICAO 9303-10 4.7.11, 4.7.12): a tag list 5C, then the elements it
 * names, with lists of names in A0. The list is often wrong or absent; the elements decide.
 */
import { findTag, tagName, type Tlv } from '../asn1/mod.ts';
import { attempt, openFile, smallNumber } from './element.ts';
import { Findings } from './finding.ts';
import { dateDigits } from './dates.ts';
import { imageFormat, type LdsImage } from './image.ts';
import { fieldParts, fieldText } from './text.ts';

/** Elements that stand inside A0: other names of the holder, names of other persons. */
const NAMES: readonly number[] = [0x5f0f, 0x5f1a];
/** Names read at most from one A0. */
const MAX_NAMES = 64;

/** Reads the elements of one file by tag; every broken element is a finding and null. */
export class Details {
  readonly findings: Findings;
  readonly #elements: readonly Tlv[];

  /** Throws LDS_TAG for another file, ASN1_MALFORMED when the TLV is broken. */
  constructor(bytes: Uint8Array, tag: number, name: string, known: readonly number[]) {
    this.findings = new Findings(name);
    this.#elements = openFile(bytes, tag, name, this.findings).children();
    this.#checkTagList(known);
  }

  #checkTagList(known: readonly number[]): void {
    const present = this.#elements.map((element) => element.tag).filter((tag) => tag !== 0x5c);
    for (const tag of present) {
      if (!known.includes(tag)) this.findings.add('unexpected', `element ${tagName(tag)}`);
    }
    const list = findTag(this.#elements, 0x5c);
    if (list === undefined) {
      this.findings.add('missing', 'no tag list 5C');
      return;
    }
    const declared = tagsOf(list.value);
    // issuers list the group A0, the names in it, or both
    if (NAMES.some((tag) => declared.has(tag))) declared.add(0xa0);
    for (const tag of known) {
      if (NAMES.includes(tag) || declared.has(tag) === present.includes(tag)) continue;
      this.findings.add(
        'undeclared',
        present.includes(tag)
          ? `element ${tagName(tag)} is not in the tag list`
          : `element ${tagName(tag)} is in the tag list only`,
      );
    }
  }

  text(tag: number): string | null {
    const element = findTag(this.#elements, tag);
    return element === undefined ? null : fieldText(element.value, tagName(tag), this.findings);
  }

  parts(tag: number): string[] | null {
    const element = findTag(this.#elements, tag);
    return element === undefined ? null : fieldParts(element.value, tagName(tag), this.findings);
  }

  date(tag: number, digits: 8 | 14): string | null {
    const element = findTag(this.#elements, tag);
    if (element === undefined) return null;
    return dateDigits(element.value, digits, tagName(tag), this.findings);
  }

  /** The image of an element; a single zero byte stands for none. */
  image(tag: number): LdsImage | null {
    const value = findTag(this.#elements, tag)?.value;
    if (value === undefined || value.length === 0 || (value.length === 1 && value[0] === 0)) {
      return null;
    }
    const format = imageFormat(value);
    if (format === 'unknown') {
      this.findings.add('unsupported', 'an image of no known format', tagName(tag));
    }
    return { format, bytes: value };
  }

  /** Text of the elements `tag` inside A0 groups, and of those that stand outside them. */
  names(tag: number): string[] {
    const names = this.#elements.filter((element) => element.tag === tag);
    for (const group of this.#elements.filter((element) => element.tag === 0xa0)) {
      const inner = attempt(this.findings, 'A0', () => group.children()) ?? [];
      const found = inner.filter((element) => element.tag === tag);
      const count = findTag(inner, 0x02);
      const stated = count === undefined
        ? undefined
        : attempt(this.findings, 'A0', () => smallNumber(count.value, count.source));
      if (stated !== found.length) {
        this.findings.add('undeclared', `${stated ?? 'no'} names stated, ${found.length} present`);
      }
      names.push(...found);
    }
    if (names.length > MAX_NAMES) {
      this.findings.add('limit', `${names.length} names, the first ${MAX_NAMES} were read`);
    }
    return names.slice(0, MAX_NAMES)
      .map((element) => fieldText(element.value, tagName(tag), this.findings))
      .filter((name) => name !== null);
  }
}

/** The tags in a tag list: one byte, or two where the first ends in 11111. */
function tagsOf(list: Uint8Array): Set<number> {
  const tags = new Set<number>();
  for (let i = 0; i < list.length; i++) {
    const long = (list[i] & 0x1f) === 0x1f && i + 1 < list.length;
    tags.add(long ? list[i] * 256 + list[++i] : list[i]);
  }
  return tags;
}
