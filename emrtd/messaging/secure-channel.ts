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
  createMac,
  decryptCbc,
  encryptBlock,
  encryptCbc,
  equalConstantTime,
  keyLength,
  type Mac,
  padIso9797,
  unpadIso9797,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { CommandApdu, Protection, ResponseApdu } from '../iso7816/mod.ts';
import { SW } from '../iso7816/mod.ts';
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
  readonly #mac: Mac;
  readonly #block: number;
  readonly #sscMask: bigint;
  #ssc: bigint;
  #open = true;
  #authenticAnswers = 0;

  /**
   * A channel from its keys; `ssc` is the counter before the next command. Throws CRYPTO_INPUT when a key
   * has another length than the cipher's, or the counter does not fit.
   */
  constructor(state: ChannelState) {
    this.cipher = state.cipher;
    this.#kenc = state.kenc.slice();
    this.#kmac = state.kmac.slice();
    this.#block = blockSize(state.cipher);
    this.#sscMask = (1n << BigInt(8 * this.#block)) - 1n;
    if (state.kenc.length !== keyLength(state.cipher)) {
      throw new EmrtdError('CRYPTO_INPUT', `${state.cipher} key of ${state.kenc.length} bytes`);
    }
    if (state.ssc < 0n || state.ssc > this.#sscMask) {
      throw new EmrtdError('CRYPTO_INPUT', 'send sequence counter is out of range');
    }
    this.#mac = createMac(state.cipher, this.#kmac);
    this.#ssc = state.ssc;
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
    const kenc = this.#kenc.slice();
    return { cipher: this.cipher, kenc, kmac: this.#kmac.slice(), ssc: this.#ssc };
  }

  maxAnswerData(bytes: number): number {
    return maxData(bytes - ANSWER_TRAILER, this.#block);
  }

  maxCommandData(bytes: number): number {
    return maxData(bytes - COMMAND_TRAILER, this.#block);
  }

  wrap(command: CommandApdu, options: { extended: boolean }): CommandApdu {
    this.#demandOpen();
    const ssc = this.#nextSsc();
    const { ins, p1, p2, le } = command;
    const cla = command.cla | SECURE_MESSAGING;
    const header = Uint8Array.of(cla, ins, p1, p2);
    const body = concat(this.#protectData(command, ssc), le === undefined ? NOTHING : leObject(le));
    const m = concat(ssc, padIso9797(header, this.#block), body);
    const data = concat(body, tlv(DO_MAC, this.#mac(padIso9797(m, this.#block))));
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
  #nextSsc(): Uint8Array {
    this.#ssc = (this.#ssc + 1n) & this.#sscMask;
    return bigIntToBytes(this.#ssc, this.#block);
  }

  /** IV of CBC: zero with 3DES, the encrypted counter with AES (9303-11 9.8.6.1, 9.8.7.1). */
  #iv(ssc: Uint8Array): Uint8Array {
    return this.cipher === '3DES'
      ? new Uint8Array(this.#block)
      : encryptBlock(this.cipher, this.#kenc, ssc);
  }

  #protectData({ ins, data }: CommandApdu, ssc: Uint8Array): Uint8Array {
    if (data === undefined || data.length === 0) return NOTHING;
    const padded = padIso9797(data, this.#block);
    const cryptogram = encryptCbc(this.cipher, this.#kenc, this.#iv(ssc), padded);
    return (ins & 1) === 1
      ? tlv(DO_CRYPTOGRAM, cryptogram)
      : tlv(DO_CRYPTOGRAM_PADDED, PADDING_INDICATOR, cryptogram);
  }

  #authenticate(response: ResponseApdu): ResponseApdu {
    const ssc = this.#nextSsc();
    const answer = readProtectedAnswer(response);
    const mac = this.#mac(padIso9797(concat(ssc, answer.authenticated), this.#block));
    if (!equalConstantTime(mac, answer.mac)) throw notAuthentic();
    this.#authenticAnswers++;
    if (answer.cryptogram === undefined) return { data: NOTHING, sw: answer.sw };
    const padded = decryptCbc(this.cipher, this.#kenc, this.#iv(ssc), answer.cryptogram);
    return { data: this.#unpad(padded, answer.sw), sw: answer.sw };
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

/** DO97: one byte up to 256, two above. */
function leObject(le: number): Uint8Array {
  const value = le <= 256 ? Uint8Array.of(le & 0xff) : Uint8Array.of((le >> 8) & 0xff, le & 0xff);
  return tlv(DO_LE, value);
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
