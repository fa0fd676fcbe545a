/**
 * Secure messaging (9303-11 9.8): every command encrypted and authenticated, every answer authenticated
 * and decrypted, in step with a send sequence counter. The keys come from BAC, PACE or chip authentication.
 */
import { tlv } from '../asn1/mod.ts';
import {
  bigIntToBytes,
  blockSize,
  bytesToBigInt,
  type CipherName,
  concat,
  keyLength,
  padIso9797,
  unpadIso9797,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { CommandApdu, Protection, ResponseApdu } from '../iso7816/mod.ts';
import { SW } from '../iso7816/mod.ts';
import { type ChannelCiphers, channelCiphers } from './channel-ciphers.ts';
import { readProtectedAnswer } from './protected-answer.ts';

/** Keys and counter of a channel, to hand a running one over (9303-11 9.8.1 to 9.8.3). */
export interface ChannelState {
  cipher: CipherName;
  kenc: Uint8Array;
  kmac: Uint8Array;
  /** Send sequence counter: 64 bits with 3DES, 128 bits with AES. */
  ssc: bigint;
}

/** CLA bits for secure messaging with an authenticated header (ISO/IEC 7816-4 5.4.1). */
const SECURE_MESSAGING = 0x0c;
const DO_CRYPTOGRAM_PADDED = 0x87;
const DO_CRYPTOGRAM = 0x85;
const DO_LE = 0x97;
const DO_MAC = 0x8e;
/** Padding-content indicator of DO87: padded by ISO 9797-1 method 2. */
const PADDING_INDICATOR = Uint8Array.of(0x01);
/** Bytes of a MAC (9303-11 9.8.6, 9.8.7). */
const MAC_BYTES = 8;
/** Longest MAC input whose buffer is kept: that of an answer without extended length. */
const MAX_KEPT_BYTES = 304;
const NOTHING = new Uint8Array(0);
/** DO99 (4 bytes) and DO8E (10 bytes) of an answer; DO97 (4 bytes at most) and DO8E of a command. */
const ANSWER_TRAILER = 14;
const COMMAND_TRAILER = 14;

/** Most data whose padded cryptogram, in DO87 with its indicator, fits into `bytes`. */
function maxData(bytes: number, block: number): number {
  const header = bytes <= 0x82 ? 3 : bytes <= 0x102 ? 4 : 5;
  return Math.max(1, Math.floor((bytes - header) / block) * block - 1);
}

export class SecureChannel implements Protection {
  readonly cipher: CipherName;
  readonly #kenc: Uint8Array;
  readonly #kmac: Uint8Array;
  readonly #ciphers: ChannelCiphers;
  readonly #block: number;
  /** Send sequence counter as the MAC and the IV take it. */
  readonly #counter: Uint8Array;
  readonly #inputs = new Map<number, Uint8Array>();
  #open = true;
  #authenticAnswers = 0;

  /**
   * A channel from its keys; `ssc` is the counter before the next command. Throws CRYPTO_INPUT when a key
   * has another length than the cipher's, or the counter does not fit.
   */
  constructor({ cipher, kenc, kmac, ssc }: ChannelState) {
    this.cipher = cipher;
    this.#kenc = kenc.slice();
    this.#kmac = kmac.slice();
    this.#block = blockSize(cipher);
    if (kenc.length !== keyLength(cipher) || kmac.length !== keyLength(cipher)) {
      throw new EmrtdError('CRYPTO_INPUT', `${cipher}: a session key has another length`);
    }
    this.#counter = bigIntToBytes(ssc, this.#block);
    this.#ciphers = channelCiphers(cipher, this.#kenc, this.#kmac);
  }

  /**
   * Answers whose MAC was right. The first one proves that the chip has the keys, which after chip
   * authentication is the proof of the chip itself (9303-11 6.2.4).
   */
  get authenticAnswers(): number {
    return this.#authenticAnswers;
  }

  /** Keys and counter as they are now; copies. */
  snapshot(): ChannelState {
    return {
      cipher: this.cipher,
      kenc: this.#kenc.slice(),
      kmac: this.#kmac.slice(),
      ssc: bytesToBigInt(this.#counter),
    };
  }

  maxAnswerData(bytes: number): number {
    return maxData(bytes - ANSWER_TRAILER, this.#block);
  }

  maxCommandData(bytes: number): number {
    return maxData(bytes - COMMAND_TRAILER, this.#block);
  }

  wrap(command: CommandApdu, options: { extended: boolean }): CommandApdu {
    this.#demandOpen();
    this.#count();
    const { ins, p1, p2, le } = command;
    const cla = command.cla | SECURE_MESSAGING;
    const cryptogram = this.#encrypt(command.data);
    const body = commandObjects(cryptogram, (ins & 1) === 1, le);
    const input = this.#macInput(this.#block + body.length);
    const header = this.#block;
    input[header] = cla;
    input[header + 1] = ins;
    input[header + 2] = p1;
    input[header + 3] = p2;
    input[header + 4] = 0x80;
    input.fill(0, header + 5, 2 * header);
    input.set(body, 2 * this.#block);
    const data = new Uint8Array(body.length + 2 + MAC_BYTES);
    data.set(body);
    data[body.length] = DO_MAC;
    data[body.length + 1] = MAC_BYTES;
    data.set(this.#ciphers.mac(input), body.length + 2);
    const extended = options.extended || data.length > 255;
    return { cla, ins, p1, p2, data, le: extended ? 65536 : 256 };
  }

  unwrap(response: ResponseApdu): ResponseApdu {
    this.#demandOpen();
    try {
      return this.#authenticate(response);
    } catch (error) {
      this.#open = false;
      throw error instanceof EmrtdError && error.code === 'SM_PLAIN' ? error : notAuthentic();
    }
  }

  #demandOpen(): void {
    if (!this.#open) throw new EmrtdError('SM_FAILED', 'secure messaging: the channel is closed');
  }

  /** Increments the counter (9303-11 9.8.6: before every command and every answer). */
  #count(): void {
    const counter = this.#counter;
    for (let i = counter.length - 1; i >= 0; i--) {
      counter[i] = (counter[i] + 1) & 0xff;
      if (counter[i] !== 0) return;
    }
  }

  /**
   * Room for the counter, `length` bytes and their padding; counter and padding are in place. Short
   * messages come in few lengths, so each length has one buffer, valid until the next call.
   */
  #macInput(length: number): Uint8Array {
    const block = this.#block;
    const end = block + length;
    const total = end + block - (end % block);
    let input = this.#inputs.get(total);
    if (input !== undefined) input.fill(0, end);
    else {
      input = new Uint8Array(total);
      if (total <= MAX_KEPT_BYTES) this.#inputs.set(total, input);
    }
    input.set(this.#counter);
    input[end] = 0x80;
    return input;
  }

  #encrypt(data: Uint8Array | undefined): Uint8Array | undefined {
    if (data === undefined || data.length === 0) return undefined;
    return this.#ciphers.encrypt(this.#counter, padIso9797(data, this.#block));
  }

  #authenticate(response: ResponseApdu): ResponseApdu {
    this.#count();
    const { authenticated, mac, cryptogram, sw } = readProtectedAnswer(response);
    const input = this.#macInput(authenticated);
    input.set(response.data.subarray(0, authenticated), this.#block);
    if (!sameMac(this.#ciphers.mac(input), response.data, mac)) throw notAuthentic();
    this.#authenticAnswers++;
    if (cryptogram === undefined) return { data: NOTHING, sw };
    if (cryptogram.length === 0 || cryptogram.length % this.#block !== 0) throw notAuthentic();
    return { data: this.#unpad(this.#ciphers.decrypt(this.#counter, cryptogram), sw), sw };
  }

  /**
   * Some documents pad wrongly what they give at the end of a file (6282). Their MAC is right, so this
   * tells a forger nothing; the block counts as not given and is asked for again in another length.
   */
  #unpad(padded: Uint8Array, sw: number): Uint8Array {
    try {
      return unpadIso9797(padded, this.#block);
    } catch (error) {
      if (sw === SW.END_OF_FILE) return NOTHING;
      throw error;
    }
  }
}

function notAuthentic(): EmrtdError {
  return new EmrtdError('SM_FAILED', 'secure messaging: the answer is not authentic');
}

/** Whether the MAC stands at `offset` of an answer, in a time that does not tell where they differ. */
function sameMac(mac: Uint8Array, answer: Uint8Array, offset: number): boolean {
  let difference = 0;
  for (let i = 0; i < MAC_BYTES; i++) difference |= mac[i] ^ answer[offset + i];
  return difference === 0;
}

/** DO97: one byte up to 256, two above. */
function lengthObject(le: number): Uint8Array {
  const long = le > 256;
  const object = new Uint8Array(long ? 4 : 3);
  object[0] = DO_LE;
  object[1] = long ? 2 : 1;
  if (long) object[2] = (le >> 8) & 0xff;
  object[object.length - 1] = le & 0xff;
  return object;
}

/** DO87 (DO85 with an odd INS) and DO97 of a command. */
function commandObjects(
  cryptogram: Uint8Array | undefined,
  odd: boolean,
  le: number | undefined,
): Uint8Array {
  if (cryptogram === undefined) return le === undefined ? NOTHING : lengthObject(le);
  const dataObject = odd
    ? tlv(DO_CRYPTOGRAM, cryptogram)
    : tlv(DO_CRYPTOGRAM_PADDED, PADDING_INDICATOR, cryptogram);
  return le === undefined ? dataObject : concat(dataObject, lengthObject(le));
}

/** A channel whose counter starts at zero, as after PACE and chip authentication. */
export function freshChannel(
  cipher: CipherName,
  kenc: Uint8Array,
  kmac: Uint8Array,
): SecureChannel {
  return new SecureChannel({ cipher, kenc, kmac, ssc: 0n });
}

/** A channel whose counter is given as bytes, as after BAC. */
export function channelFromSsc(
  cipher: CipherName,
  kenc: Uint8Array,
  kmac: Uint8Array,
  ssc: Uint8Array,
): SecureChannel {
  return new SecureChannel({ cipher, kenc, kmac, ssc: bytesToBigInt(ssc) });
}
