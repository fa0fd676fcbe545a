/**
 * Cursor over the fields of a SEQUENCE: takes required and optional fields in order and refuses what
 * is left over, so that a parser reads like the ASN.1 definition it implements.
 */
import { EmrtdError } from '../errors.ts';
import { TAG } from './tags.ts';
import { tagName, type Tlv } from './tlv.ts';
import { expectTag } from './values.ts';

/** Fields of a structure, in their order. */
export class Fields {
  readonly #list: readonly Tlv[];
  readonly #name: string;
  #next = 0;

  /** `structure` is the constructed element; `what` names it in errors: `PACEInfo`. */
  constructor(structure: Tlv, what: string) {
    this.#list = structure.children();
    this.#name = `${structure.source}: ${what}`;
  }

  /** The next field, of this tag if one is given. Throws ASN1_UNEXPECTED when missing or different. */
  required(field: string, tag?: number): Tlv {
    const element = this.#list[this.#next];
    if (element === undefined) {
      throw new EmrtdError('ASN1_UNEXPECTED', `${this.#name} has no ${field}`);
    }
    if (tag !== undefined && element.tag !== tag) {
      throw new EmrtdError(
        'ASN1_UNEXPECTED',
        `${this.#name}: ${field} should have tag ${tagName(tag)}, found ${tagName(element.tag)}`,
      );
    }
    this.#next++;
    return element;
  }

  /** The next field if it has one of these tags; no tags means any. */
  optional(...tags: number[]): Tlv | undefined {
    const element = this.#list[this.#next];
    if (element === undefined || (tags.length > 0 && !tags.includes(element.tag))) return undefined;
    this.#next++;
    return element;
  }

  /** All fields not taken yet. */
  rest(): readonly Tlv[] {
    const rest = this.#list.slice(this.#next);
    this.#next = this.#list.length;
    return rest;
  }

  /** Throws ASN1_UNEXPECTED when fields are left. */
  end(): void {
    if (this.#next < this.#list.length) {
      throw new EmrtdError(
        'ASN1_UNEXPECTED',
        `${this.#name} has ${this.#list.length - this.#next} fields too many`,
      );
    }
  }
}

/** Cursor over the fields of an element that must be a SEQUENCE, or have `tag`. */
export function fields(element: Tlv, what: string, tag: number = TAG.sequence): Fields {
  return new Fields(expectTag(element, tag, what), what);
}

/** The single element inside an explicit tag. */
export function explicit(element: Tlv, what: string): Tlv {
  const list = element.children();
  if (list.length !== 1) {
    throw new EmrtdError(
      'ASN1_UNEXPECTED',
      `${element.source}: ${what} holds ${list.length} elements instead of one`,
    );
  }
  return list[0];
}
