/**
 * Chip side of PACE (ICAO 9303-11 4.4): the four GENERAL AUTHENTICATE steps for generic, integrated and
 * chip authentication mapping, over prime fields and curves, with 3DES and AES.
 */
import { der, findTag, parseTlv, type Tlv, tlv } from '../asn1/mod.ts';
import {
  bigIntToBytes,
  blockSize,
  type CipherName,
  concat,
  type Curve,
  deriveKey,
  digest,
  type Domain,
  encryptBlock,
  encryptCbc,
  equalConstantTime,
  KDF_ENC,
  KDF_MAC,
  KDF_PI,
  mac,
  modInverse,
  padIso9797,
} from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import type { Random } from '../types.ts';
import { type ChipReply, status, SW } from './apdu.ts';
import { integratedNonceLength } from './integrated-mapping.ts';
import { type ChipKeyPair, type PaceGroup, paceGroup } from './pace-group.ts';
import { ChipChannel } from './secure-channel.ts';

/** One PACE variant of the chip, as its EF.CardAccess announces it. */
export interface PaceVariant {
  /** Protocol OID, dotted. */
  oid: string;
  mapping: 'GM' | 'IM' | 'CAM';
  cipher: CipherName;
  parameterId: number;
  domain: Domain;
  /** Static private key of chip authentication mapping. */
  camKey?: { curve: Curve; privateKey: bigint };
}

/** Ways to answer wrongly; used by the fault switches. */
export interface PaceFlaw {
  /** Send another nonce than the one mapped. */
  nonce?: boolean;
  /** Flip a bit of the chip's token. */
  token?: boolean;
  /** Send the terminal's key agreement key back as the chip's own. */
  reflect?: boolean;
  /** Send a mapping key that is no point of the curve, or 1 in a prime field. */
  badMappingKey?: boolean;
  /** Chip authentication data of another static key. */
  camData?: boolean;
  /** No chip authentication data. */
  omitCamData?: boolean;
}

/** Password encoding of 9303-11 Table 14, already hashed for the MRZ. */
export function mrzSecret(mrzInformation: string): Uint8Array {
  return digest('SHA-1', new TextEncoder().encode(mrzInformation));
}

type Step = 'nonce' | 'map' | 'agree' | 'token' | 'done';

/** One run of the protocol. Every failure ends it. */
export class PaceRun {
  readonly #variant: PaceVariant;
  readonly #random: Random;
  readonly #flaw: PaceFlaw;
  readonly #passwordKey: Uint8Array;
  #step: Step = 'nonce';
  #nonce: Uint8Array = new Uint8Array();
  #group: PaceGroup;
  #mappingKey: ChipKeyPair | undefined;
  #own: ChipKeyPair | undefined;
  #peer: Uint8Array = new Uint8Array();
  #secret: Uint8Array = new Uint8Array();

  /** `secret` is the encoded password, the input of the key derivation with counter 3. */
  constructor(variant: PaceVariant, secret: Uint8Array, random: Random, flaw: PaceFlaw = {}) {
    this.#variant = variant;
    this.#random = random;
    this.#flaw = flaw;
    this.#passwordKey = deriveKey(secret, KDF_PI, variant.cipher);
    this.#group = paceGroup(variant.domain);
  }

  /** Answers one GENERAL AUTHENTICATE; `channel` is set when the protocol has succeeded. */
  answer(data: Uint8Array): { reply: ChipReply; channel?: ChipChannel } {
    try {
      const dynamic = parseTlv(data, { maxDepth: 2, maxNodes: 6 });
      if (dynamic.tag !== 0x7c) return this.#fail(SW.wrongData);
      return this.#advance(dynamic.children());
    } catch (error) {
      if (!(error instanceof EmrtdError)) throw error;
      return this.#fail(SW.wrongData);
    }
  }

  #fail(sw: number): { reply: ChipReply } {
    this.#step = 'done';
    return { reply: status(sw) };
  }

  #advance(objects: readonly Tlv[]): { reply: ChipReply; channel?: ChipChannel } {
    switch (this.#step) {
      case 'nonce':
        return { reply: this.#giveNonce() };
      case 'map': {
        const peer = findTag(objects, 0x81)?.value;
        if (peer === undefined) return this.#fail(SW.wrongData);
        this.#step = 'agree';
        return { reply: this.#map(peer) };
      }
      case 'agree': {
        const peer = findTag(objects, 0x83)?.value;
        if (peer === undefined) return this.#fail(SW.wrongData);
        return this.#agree(peer);
      }
      case 'token': {
        const token = findTag(objects, 0x85)?.value;
        if (token === undefined) return this.#fail(SW.wrongData);
        return this.#confirm(token);
      }
      case 'done':
        return this.#fail(SW.conditions);
    }
  }

  /** Step 1: z = E(K_pi, s). */
  #giveNonce(): ChipReply {
    const { cipher, mapping } = this.#variant;
    this.#nonce = this.#random(mapping === 'IM' ? integratedNonceLength(cipher) : 16);
    const iv = new Uint8Array(blockSize(cipher));
    const sent = this.#flaw.nonce ? this.#nonce.map((byte) => byte ^ 0xff) : this.#nonce;
    this.#step = 'map';
    return dynamicData(tlv(0x80, encryptCbc(cipher, this.#passwordKey, iv, sent)));
  }

  /** Step 2: the mapping of 4.4.3.3. */
  #map(peer: Uint8Array): ChipReply {
    if (this.#variant.mapping === 'IM') {
      this.#group = this.#group.mapIntegrated(this.#nonce, peer, this.#variant.cipher);
      return dynamicData(tlv(0x82));
    }
    const pair = this.#group.keyPair(this.#random);
    this.#group = this.#group.mapGeneric(this.#nonce, pair.privateKey, peer);
    this.#mappingKey = pair;
    const sent = pair.publicKey.slice();
    if (this.#flaw.badMappingKey) {
      if (this.#variant.domain.kind === 'ec') sent[sent.length - 1] ^= 0x01;
      else return dynamicData(tlv(0x82, Uint8Array.of(1)));
    }
    return dynamicData(tlv(0x82, sent));
  }

  /** Step 3: key agreement on the mapped generator; both public keys must differ. */
  #agree(peer: Uint8Array): { reply: ChipReply } {
    this.#own = this.#group.keyPair(this.#random);
    if (equalConstantTime(this.#own.publicKey, peer)) return this.#fail(SW.wrongData);
    this.#secret = this.#group.agree(this.#own.privateKey, peer);
    this.#peer = peer.slice();
    this.#step = 'token';
    return { reply: dynamicData(tlv(0x84, this.#flaw.reflect ? peer : this.#own.publicKey)) };
  }

  /** Step 4: tokens, and the encrypted chip authentication data (4.4.3.5). */
  #confirm(token: Uint8Array): { reply: ChipReply; channel?: ChipChannel } {
    const { cipher, mapping } = this.#variant;
    const kEnc = deriveKey(this.#secret, KDF_ENC, cipher);
    const kMac = deriveKey(this.#secret, KDF_MAC, cipher);
    const own = this.#own?.publicKey ?? new Uint8Array();
    if (!equalConstantTime(this.#token(kMac, own), token)) {
      return this.#fail(SW.authenticationFailed);
    }
    this.#step = 'done';
    const answer = this.#token(kMac, this.#peer);
    if (this.#flaw.token) answer[0] ^= 0x01;
    const parts = [tlv(0x86, answer)];
    if (mapping === 'CAM' && !this.#flaw.omitCamData) parts.push(tlv(0x8a, this.#camData(kEnc)));
    return { reply: dynamicData(...parts), channel: new ChipChannel(cipher, kEnc, kMac) };
  }

  /** T = MAC(KS_MAC, 7F49 { OID, public key }) (4.4.3.4, 9.4). */
  #token(kMac: Uint8Array, publicKey: Uint8Array): Uint8Array {
    const { cipher, oid } = this.#variant;
    const input = tlv(0x7f49, der.oid(oid), tlv(this.#group.tokenTag, publicKey));
    return mac(cipher, kMac, cipher === '3DES' ? padIso9797(input, 8) : input);
  }

  /** A_IC = E(KS_Enc, SK_IC^-1 * SK_Map,IC mod n), IV = E(KS_Enc, FF…FF). */
  #camData(kEnc: Uint8Array): Uint8Array {
    const { cipher, camKey } = this.#variant;
    if (camKey === undefined || this.#mappingKey === undefined) {
      throw new EmrtdError('CRYPTO_KEY', 'chip authentication mapping without a static key');
    }
    const { curve, privateKey } = camKey;
    const key = this.#flaw.camData ? privateKey + 1n : privateKey;
    const data = modInverse(key, curve.n) * this.#mappingKey.privateKey % curve.n;
    const size = blockSize(cipher);
    const iv = encryptBlock(cipher, kEnc, new Uint8Array(size).fill(0xff));
    return encryptCbc(cipher, kEnc, iv, padIso9797(bigIntToBytes(data, curve.orderLength), size));
  }
}

/** Dynamic authentication data 7C around the objects. */
export function dynamicData(...objects: Uint8Array[]): ChipReply {
  return { data: tlv(0x7c, concat(...objects)), sw: SW.ok };
}
