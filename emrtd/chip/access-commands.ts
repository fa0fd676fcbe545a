/**
 * Commands of the access and authentication protocols on the chip (ICAO 9303-11 4.3.4, 4.4.4, 6.1.3,
 * 6.2.4): GET CHALLENGE, EXTERNAL and INTERNAL AUTHENTICATE, MSE:Set AT and KAT, GENERAL AUTHENTICATE.
 */
import { der, findTag, parseTlv, readTlvs, type Tlv } from '../asn1/mod.ts';
import { EmrtdError } from '../errors.ts';
import { signChallenge } from './active-authentication.ts';
import { type ChipCommand, status, SW } from './apdu.ts';
import { answerBac } from './bac.ts';
import {
  agreeChipAuthentication,
  type ChipAuthenticationKey,
  selectKey,
} from './chip-authentication.ts';
import { dynamicData, mrzSecret, PaceRun, type PaceVariant } from './pace.ts';
import { type ChipState, locked, type Outcome } from './state.ts';

/** GET CHALLENGE: the challenge of basic access control. */
export function getChallenge(state: ChipState, command: ChipCommand): Outcome {
  if (!state.document.bac || command.ne < 8) return { reply: status(SW.conditions) };
  state.challenge = state.random(8);
  return { reply: { data: state.challenge, sw: SW.ok } };
}

/** EXTERNAL AUTHENTICATE: basic access control. */
export function externalAuthenticate(state: ChipState, command: ChipCommand): Outcome {
  const { challenge, document, faults } = state;
  state.challenge = undefined;
  if (!document.bac || challenge === undefined) return { reply: status(SW.conditions) };
  const answer = answerBac(document.mrzInformation, challenge, command.data, state.random, {
    mac: faults.has('bac-wrong-mac'),
    challenge: faults.has('bac-wrong-challenge'),
  });
  if (answer === undefined) return { reply: status(SW.authenticationFailed) };
  state.access = 'bac';
  return { reply: { data: answer.data, sw: SW.ok }, channel: answer.channel };
}

/** MANAGE SECURITY ENVIRONMENT in its three uses. */
export function manageSecurityEnvironment(state: ChipState, command: ChipCommand): Outcome {
  if (state.faults.has('select-le-refused') && command.ne > 0) {
    return { reply: status(SW.wrongLength) };
  }
  let objects: readonly Tlv[];
  try {
    objects = readTlvs(command.data, { maxDepth: 1, maxNodes: 16 });
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
    return { reply: status(SW.wrongData) };
  }
  switch (command.p1 * 256 + command.p2) {
    case 0xc1a4:
      return setPace(state, objects);
    case 0x41a4:
      return setChipAuthentication(state, objects);
    case 0x41a6:
      return keyAgreementTemplate(state, objects);
    default:
      return { reply: status(SW.wrongData) };
  }
}

/** MSE:Set AT for PACE (9303-11 4.4.4.1). */
function setPace(state: ChipState, objects: readonly Tlv[]): Outcome {
  const { document, faults } = state;
  state.pace = undefined;
  const wanted = findTag(objects, 0x80)?.value.toHex();
  const reference = findTag(objects, 0x83)?.value;
  const parameters = findTag(objects, 0x84)?.value;
  if (wanted === undefined || reference?.length !== 1) return { reply: status(SW.wrongData) };
  if (faults.has('pace-refused')) return { reply: status(SW.wrongData) };
  if (faults.has('mse-needs-84') && parameters === undefined) return { reply: status(0x6a87) };
  const fitting = document.pace.filter((variant) => oidValue(variant.oid) === wanted);
  if (fitting.length === 0) return { reply: status(SW.wrongData) };
  const variant = parameters === undefined
    ? fitting.length === 1 ? fitting[0] : undefined
    : fitting.find((one) => parameters.length === 1 && one.parameterId === parameters[0]);
  const secret = passwordSecret(state, reference[0]);
  if (variant === undefined || secret === undefined) {
    return { reply: status(SW.referencedDataNotFound) };
  }
  state.pace = startPace(state, variant, secret);
  return { reply: status(SW.ok) };
}

function startPace(state: ChipState, variant: PaceVariant, secret: Uint8Array): PaceRun {
  const { faults } = state;
  return new PaceRun(variant, secret, state.random, {
    nonce: faults.has('pace-wrong-nonce'),
    token: faults.has('pace-wrong-token'),
    reflect: faults.has('pace-reflected-key'),
    badMappingKey: faults.has('pace-bad-key'),
    camData: faults.has('pace-cam-mismatch'),
    omitCamData: faults.has('pace-cam-missing'),
  });
}

/** Password by its reference: 1 MRZ, 2 CAN, 3 PIN, 4 PUK. */
function passwordSecret(state: ChipState, reference: number): Uint8Array | undefined {
  const { mrzInformation, can, pin, puk } = state.document;
  if (reference === 1) return mrzSecret(mrzInformation);
  const text = [can, pin, puk][reference - 2];
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

/** MSE:Set AT for chip authentication (9303-11 6.2.4.2). */
function setChipAuthentication(state: ChipState, objects: readonly Tlv[]): Outcome {
  state.agreement = undefined;
  const wanted = findTag(objects, 0x80)?.value.toHex();
  const keys = state.document.chipAuthentication;
  const key = keys.find((one) => oidValue(one.oid) === wanted);
  if (key === undefined || locked(state) || state.faults.has('ca-refused')) {
    return { reply: status(SW.wrongData) };
  }
  state.agreement = selectKey(keys, findTag(objects, 0x84)?.value, key.oid);
  return { reply: status(state.agreement === undefined ? SW.referencedDataNotFound : SW.ok) };
}

/** MSE:Set KAT: the whole of chip authentication with 3DES (9303-11 6.2.4.1). */
function keyAgreementTemplate(state: ChipState, objects: readonly Tlv[]): Outcome {
  const keys = state.document.chipAuthentication.filter((one) => one.cipher === '3DES');
  const key = selectKey(keys, findTag(objects, 0x84)?.value);
  const peer = findTag(objects, 0x91)?.value;
  if (key === undefined || peer === undefined || locked(state) || state.faults.has('ca-refused')) {
    return { reply: status(SW.wrongData) };
  }
  return agreeWith(state, key, peer, status(SW.ok));
}

/** GENERAL AUTHENTICATE: a step of PACE, or chip authentication. */
export function generalAuthenticate(state: ChipState, command: ChipCommand): Outcome {
  if (state.agreement !== undefined) {
    const key = state.agreement;
    state.agreement = undefined;
    let peer: Uint8Array | undefined;
    try {
      const dynamic = parseTlv(command.data, { maxDepth: 2, maxNodes: 4 });
      peer = dynamic.tag === 0x7c ? findTag(dynamic.children(), 0x80)?.value : undefined;
    } catch (error) {
      if (!(error instanceof EmrtdError)) throw error;
    }
    if (peer === undefined) return { reply: status(SW.wrongData) };
    return agreeWith(state, key, peer, dynamicData());
  }
  if (state.pace === undefined) return { reply: status(SW.conditions) };
  const { reply, channel } = state.pace.answer(command.data);
  if (channel === undefined) return { reply };
  state.pace = undefined;
  state.access = 'pace';
  return { reply, channel };
}

function agreeWith(
  state: ChipState,
  key: ChipAuthenticationKey,
  peer: Uint8Array,
  reply: Outcome['reply'],
): Outcome {
  const { faults } = state;
  const used = faults.has('ca-cloned') ? { ...key, privateKey: key.privateKey - 1n } : key;
  try {
    const channel = agreeChipAuthentication(used, peer);
    return faults.has('ca-old-keys') ? { reply } : { reply, channel };
  } catch (error) {
    if (!(error instanceof EmrtdError)) throw error;
    return { reply: status(SW.authenticationFailed) };
  }
}

/** INTERNAL AUTHENTICATE: active authentication. */
export function internalAuthenticate(state: ChipState, command: ChipCommand): Outcome {
  const { document, faults } = state;
  const key = document.activeAuthentication;
  if (key === undefined || locked(state) || faults.has('aa-refused')) {
    return { reply: status(SW.conditions) };
  }
  if (command.data.length !== 8) return { reply: status(SW.wrongLength) };
  const challenge = faults.has('aa-replayed') ? new Uint8Array(8) : command.data;
  const signature = signChallenge(key, challenge, state.random);
  if (faults.has('aa-cloned')) signature[signature.length >> 1] ^= 0x01;
  const cut = faults.has('aa-cut-short') && !command.extended ? 200 : signature.length;
  const length = faults.has('aa-truncated') ? signature.length - 8 : cut;
  return { reply: { data: signature.subarray(0, length), sw: SW.ok } };
}

function oidValue(oid: string): string {
  return parseTlv(der.oid(oid)).value.toHex();
}
