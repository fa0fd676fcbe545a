/** Chip side of Basic Access Control (ICAO 9303-11 4.3): mutual authentication from the MRZ key. */
import {
  concat,
  decryptCbc,
  deriveKey,
  digest,
  encryptCbc,
  equalConstantTime,
  KDF_ENC,
  KDF_MAC,
  mac,
  padIso9797,
  xor,
} from '../crypto/mod.ts';
import type { Random } from '../types.ts';
import { ChipChannel } from './secure-channel.ts';

const ZERO_IV = new Uint8Array(8);

/** Document basic access keys of an MRZ information string (9303-11 9.7.2). */
function bacKeys(mrzInformation: string): { kEnc: Uint8Array; kMac: Uint8Array } {
  const seed = digest('SHA-1', new TextEncoder().encode(mrzInformation)).subarray(0, 16);
  return { kEnc: deriveKey(seed, KDF_ENC, '3DES'), kMac: deriveKey(seed, KDF_MAC, '3DES') };
}

/** Ways to answer wrongly; used by the fault switches. */
export interface BacFlaw {
  /** Flip a bit of the MAC of the answer. */
  mac?: boolean;
  /** Send another challenge back than the terminal's. */
  challenge?: boolean;
}

/**
 * Answer to EXTERNAL AUTHENTICATE with the 40 bytes of the terminal and the challenge given before
 * (9303-11 4.3.1), and the channel that it opens; undefined when the terminal is not authentic.
 */
export function answerBac(
  mrzInformation: string,
  challenge: Uint8Array,
  cryptogram: Uint8Array,
  random: Random,
  flaw: BacFlaw = {},
): { data: Uint8Array; channel: ChipChannel } | undefined {
  if (cryptogram.length !== 40) return undefined;
  const { kEnc, kMac } = bacKeys(mrzInformation);
  const encrypted = cryptogram.subarray(0, 32);
  const checksum = mac('3DES', kMac, padIso9797(encrypted, 8));
  if (!equalConstantTime(checksum, cryptogram.subarray(32))) return undefined;
  const clear = decryptCbc('3DES', kEnc, ZERO_IV, encrypted);
  const rndIfd = clear.subarray(0, 8);
  const kIfd = clear.subarray(16, 32);
  if (!equalConstantTime(clear.subarray(8, 16), challenge)) return undefined;
  const kIc = random(16);
  const returned = flaw.challenge ? xor(rndIfd, new Uint8Array(8).fill(1)) : rndIfd;
  const answer = encryptCbc('3DES', kEnc, ZERO_IV, concat(challenge, returned, kIc));
  const answerMac = mac('3DES', kMac, padIso9797(answer, 8));
  if (flaw.mac) answerMac[0] ^= 0x01;
  const seed = xor(kIfd, kIc);
  const channel = new ChipChannel(
    '3DES',
    deriveKey(seed, KDF_ENC, '3DES'),
    deriveKey(seed, KDF_MAC, '3DES'),
    concat(challenge.subarray(4), rndIfd.subarray(4)),
  );
  return { data: concat(answer, answerMac), channel };
}
