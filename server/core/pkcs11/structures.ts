/**
 * Structures of PKCS #11 (OASIS 3.1, pkcs11t.h) as 64-bit Linux lays them out: CK_ULONG and pointers have eight
 * bytes, the smaller end first. What a structure points to has to be kept for as long as it is used.
 */
import { ptr } from 'bun:ffi';

/** Bytes of CK_ULONG and of pointers. */
export const WORD = 8;

export const CKA = {
  class: 0x000,
  token: 0x001,
  private: 0x002,
  label: 0x003,
  keyType: 0x100,
  id: 0x102,
  sensitive: 0x103,
  encrypt: 0x104,
  decrypt: 0x105,
  modulus: 0x120,
  modulusBits: 0x121,
  publicExponent: 0x122,
  extractable: 0x162,
} as const;
export const CKO = { publicKey: 2, privateKey: 3 } as const;
export const CKK_RSA = 0;
export const CKM = { rsaKeyPairGen: 0x0000, rsaOaep: 0x0009 } as const;

/** What OAEP may be made of (PKCS #11 3.1, 6.1.8), by the name of its hash. */
const OAEP = {
  sha1: { hash: 0x220, mgf: 1 },
  sha256: { hash: 0x250, mgf: 2 },
} as const;
export type OaepHash = keyof typeof OAEP;
/** CKZ_DATA_SPECIFIED: a label, which is empty. */
const LABEL_SPECIFIED = 1;

export type AttributeValue = boolean | number | string | Uint8Array;

/** Memory that stays where it is: that of a small array made without a buffer moves when its buffer is asked for. */
function fixedMemory(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes);
}

/** CK_ATTRIBUTE: type, pointer, length. */
const ATTRIBUTE_WORDS = 3;

/** An array of CK_ATTRIBUTE with the values that it points to behind it, in one piece of memory. */
export class Template {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly #words: BigUint64Array;
  readonly #values: readonly Uint8Array[];

  constructor(attributes: readonly (readonly [type: number, value: AttributeValue])[]) {
    const values = attributes.map(([, value]) => bytesOf(value));
    this.count = attributes.length;
    let at = this.count * ATTRIBUTE_WORDS * WORD;
    const places = values.map(({ length }) => {
      const place = at;
      at += Math.ceil(length / WORD) * WORD;
      return place;
    });
    this.bytes = new Uint8Array(fixedMemory(at));
    const base = BigInt(ptr(this.bytes));
    this.#words = new BigUint64Array(this.bytes.buffer, 0, this.count * ATTRIBUTE_WORDS);
    this.#values = values.map((value, i) => {
      const [type] = attributes[i], place = places[i];
      this.bytes.set(value, place);
      this.#words.set(
        [BigInt(type), base + BigInt(place), BigInt(value.length)],
        i * ATTRIBUTE_WORDS,
      );
      return this.bytes.subarray(place, place + value.length);
    });
  }

  /** A value after the library has filled it in. @throws Error when it says that there is more than fits */
  valueOf(index: number): Uint8Array {
    const length = this.#words[index * ATTRIBUTE_WORDS + 2], value = this.#values[index];
    // CK_UNAVAILABLE_INFORMATION is the highest number there is
    if (length > BigInt(value.length)) throw new Error('a length that is none');
    return value.subarray(0, Number(length));
  }
}

function bytesOf(value: AttributeValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (typeof value === 'boolean') return Uint8Array.of(Number(value));
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

/** Words of CK_MECHANISM: type, pointer, length. */
const MECHANISM_WORDS = 3;
/** CK_RSA_PKCS_OAEP_PARAMS: hash, mask generation, kind of label, pointer and length of the label. */
const OAEP_WORDS = 5;

/** CK_MECHANISM of RSA-OAEP with an empty label, and its parameters behind it. */
export function oaepMechanism(name: OaepHash): BigUint64Array {
  const { hash, mgf } = OAEP[name];
  const words = new BigUint64Array(fixedMemory((MECHANISM_WORDS + OAEP_WORDS) * WORD));
  words.set([
    BigInt(CKM.rsaOaep),
    BigInt(ptr(words)) + BigInt(MECHANISM_WORDS * WORD),
    BigInt(OAEP_WORDS * WORD),
    BigInt(hash),
    BigInt(mgf),
    BigInt(LABEL_SPECIFIED),
  ]);
  return words;
}

/** CK_MECHANISM without parameters. */
export function plainMechanism(type: number): BigUint64Array {
  return BigUint64Array.of(BigInt(type), 0n, 0n);
}

/** CK_TOKEN_INFO, up to what is used of it. */
const LABEL_BYTES = 32;
const FLAGS_AT = 96;
/** The whole structure has 208. */
export const TOKEN_INFO_BYTES = 256;

/** CK_TOKEN_INFO flags. */
export const TOKEN_FLAG = {
  initialized: 0x400,
  userPinInitialized: 0x8,
  userPinFinalTry: 0x20000,
  userPinLocked: 0x40000,
} as const;

export interface TokenInfo {
  /** Without the blanks that fill it up. */
  readonly label: string;
  readonly flags: number;
}

export function readTokenInfo(bytes: Uint8Array): TokenInfo {
  return {
    label: new TextDecoder().decode(bytes.subarray(0, LABEL_BYTES)).replace(/[ \0]+$/, ''),
    flags: Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(FLAGS_AT, true)),
  };
}
