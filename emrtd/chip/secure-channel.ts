/** Chip side of secure messaging (ICAO 9303-11 9.8): 3DES and AES, send sequence counter, DO 85/87/97/99/8E. */
import { readTlvs, tlv } from '../asn1/mod.ts';
import {
  blockSize,
  type CipherName,
  concat,
  decryptCbc,
  deriveKey,
  encryptBlock,
  encryptCbc,
  equalConstantTime,
  KDF_ENC,
  KDF_MAC,
  mac,
  padIso9797,
  unpadIso9797,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { type ChipCommand, type ChipReply, SW } from './apdu.ts';

/** Ways to answer wrongly inside the channel; used by the fault switches. */
export interface ReplyFlaw {
  /** Flip a bit of the MAC. */
  mac?: boolean;
  /** Leave DO 8E out. */
  omitMac?: boolean;
  /** Leave DO 99 out. */
  omitStatus?: boolean;
  /** Encrypt data whose padding is not 80 00…, with a right MAC. */
  padding?: boolean;
  /** State another status word outside than inside. */
  outerStatus?: number;
}

/** One set of session keys and its counter. */
export class ChipChannel {
  readonly #cipher: CipherName;
  readonly #kEnc: Uint8Array;
  readonly #kMac: Uint8Array;
  readonly #ssc: Uint8Array;

  constructor(cipher: CipherName, kEnc: Uint8Array, kMac: Uint8Array, ssc?: Uint8Array) {
    this.#cipher = cipher;
    this.#kEnc = kEnc;
    this.#kMac = kMac;
    this.#ssc = new Uint8Array(blockSize(cipher));
    if (ssc !== undefined) this.#ssc.set(ssc);
  }

  /** Channel with the keys that PACE and chip authentication derive, counter zero (9303-11 9.8.6.3). */
  static fromSecret(cipher: CipherName, secret: Uint8Array): ChipChannel {
    return new ChipChannel(
      cipher,
      deriveKey(secret, KDF_ENC, cipher),
      deriveKey(secret, KDF_MAC, cipher),
    );
  }

  #increment(): void {
    for (let i = this.#ssc.length - 1; i >= 0; i--) {
      this.#ssc[i] = (this.#ssc[i] + 1) & 0xff;
      if (this.#ssc[i] !== 0) return;
    }
  }

  #iv(): Uint8Array {
    return this.#cipher === '3DES'
      ? new Uint8Array(8)
      : encryptBlock(this.#cipher, this.#kEnc, this.#ssc);
  }

  /** MAC over the counter and the given bytes (9303-11 9.8.6.1, 9.8.6.2). */
  #mac(message: Uint8Array): Uint8Array {
    const padded = padIso9797(concat(this.#ssc, message), blockSize(this.#cipher));
    return mac(this.#cipher, this.#kMac, padded);
  }

  /** Plain command inside a protected one, or the status word that ends the session. */
  unwrap(command: ChipCommand): ChipCommand | number {
    this.#increment();
    let objects;
    try {
      objects = readTlvs(command.data, { ber: true, maxDepth: 1, maxNodes: 8 });
    } catch {
      return SW.smIncorrect;
    }
    const value = (tag: number) => objects.find((object) => object.tag === tag)?.value;
    const checksum = objects[objects.length - 1];
    if (checksum === undefined || checksum.tag !== 0x8e) return SW.smMissing;
    const size = blockSize(this.#cipher);
    const header = padIso9797(
      Uint8Array.of(command.cla, command.ins, command.p1, command.p2),
      size,
    );
    const body = command.data.subarray(0, checksum.start);
    if (!equalConstantTime(this.#mac(concat(header, body)), checksum.value)) return SW.smIncorrect;
    const le = value(0x97);
    const plain: ChipCommand = {
      ...command,
      cla: command.cla & ~0x0c,
      data: new Uint8Array(),
      ne: 0,
    };
    if (le !== undefined) {
      if (le.length < 1 || le.length > 2) return SW.smIncorrect;
      plain.ne = le.length === 1 ? le[0] || 256 : (le[0] * 256 + le[1]) || 65536;
    }
    const odd = value(0x85);
    const even = value(0x87);
    if (even !== undefined && even[0] !== 0x01) return SW.smIncorrect;
    const cryptogram = odd ?? even?.subarray(1);
    if (cryptogram !== undefined) {
      try {
        const clear = decryptCbc(this.#cipher, this.#kEnc, this.#iv(), cryptogram);
        plain.data = unpadIso9797(clear, size);
      } catch (error) {
        if (!(error instanceof EmrtdError)) throw error;
        return SW.smIncorrect;
      }
    }
    return plain;
  }

  /** Protected reply to `command`; the data object is 85 for odd instructions, 87 otherwise. */
  wrap(command: ChipCommand, reply: ChipReply, flaw: ReplyFlaw = {}): ChipReply {
    this.#increment();
    const size = blockSize(this.#cipher);
    const parts: Uint8Array[] = [];
    if (reply.data.length > 0) {
      const padded = padIso9797(reply.data, size);
      if (flaw.padding) padded.fill(0x55, reply.data.length);
      const cryptogram = encryptCbc(this.#cipher, this.#kEnc, this.#iv(), padded);
      parts.push(
        command.ins % 2 === 1 ? tlv(0x85, cryptogram) : tlv(0x87, Uint8Array.of(0x01), cryptogram),
      );
    }
    if (!flaw.omitStatus) parts.push(tlv(0x99, Uint8Array.of(reply.sw >> 8, reply.sw & 0xff)));
    const checksum = this.#mac(concat(...parts));
    if (flaw.mac) checksum[0] ^= 0x01;
    if (!flaw.omitMac) parts.push(tlv(0x8e, checksum));
    return { data: concat(...parts), sw: flaw.outerStatus ?? reply.sw };
  }

  /** Longest plain data whose protected reply fits into `limit` bytes (before SW1 SW2). */
  plainCapacity(limit: number): number {
    const size = blockSize(this.#cipher);
    // DO 99 (4 bytes), DO 8E (10), tag, length (up to 4) and padding indicator of DO 87
    const cryptogram = Math.floor((limit - 4 - 10 - 6) / size) * size;
    return Math.max(0, cryptogram - 1);
  }
}
