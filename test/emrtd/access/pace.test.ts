import { describe, expect, test } from 'bun:test';
import { tlv } from '../../../emrtd/asn1/mod.ts';
import {
  authenticatePace,
  canPassword,
  dhAgreement,
  ecAgreement,
  mrzPassword,
  paceChoices,
} from '../../../emrtd/access/mod.ts';
import { standardizedDomain } from '../../../emrtd/crypto/mod.ts';
import { Session } from '../../../emrtd/iso7816/mod.ts';
import { parseSecurityInfos } from '../../../emrtd/lds/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import {
  chip,
  type Exchange,
  fixedRandom,
  hex,
  scriptedChip,
  toHex,
} from '../iso7816/scripted-chip.ts';

const VECTORS = 'emrtd/vectors';
const G1 = `${VECTORS}/icao-G1-pace-ecdh-gm.json`;
const G2 = `${VECTORS}/icao-G2-pace-dh-gm.json`;
const H1 = `${VECTORS}/icao-H1-pace-ecdh-im.json`;
const TRANSCRIPT = 'emrtd/transcripts/icao-G1-pace-ecdh-gm.json';

/** EF.CardAccess with one PaceInfo. */
function cardAccess(oidHex: string, parameterId: number): Uint8Array {
  const info = tlv(
    0x30,
    tlv(0x06, hex(oidHex)),
    tlv(0x02, Uint8Array.of(2)),
    tlv(0x02, Uint8Array.of(parameterId)),
  );
  return tlv(0x31, info);
}

function choice(bytes: Uint8Array) {
  const choices = paceChoices(parseSecurityInfos(bytes).data);
  expect(choices.length).toBe(1);
  return choices[0];
}

function general(last: boolean, object: string): string {
  const data = tlv(0x7c, hex(object));
  return toHex(Uint8Array.of(last ? 0 : 0x10, 0x86, 0, 0, data.length, ...data, 0));
}

function answer(tag: number, value: string): string {
  return `${toHex(tlv(0x7c, tlv(tag, hex(value))))}9000`;
}

const object = (tag: number, value: string): string => toHex(tlv(tag, hex(value)));

/** The APDUs that a worked example implies. */
function exchangesOf(
  vector: Record<string, string>,
  reference: number,
  mapping: { sent: string; got?: string },
): Exchange[] {
  const parameters = `${object(0x80, vector.oid)}83010${reference}84010${
    Number(vector.parameterId).toString(16)
  }`;
  const length = (parameters.length / 2).toString(16).padStart(2, '0');
  const commands = [
    [`0022C1A4${length}${parameters}`.toUpperCase(), '9000'],
    [general(false, ''), answer(0x80, vector.encryptedNonce)],
    [
      general(false, object(0x81, mapping.sent)),
      mapping.got === undefined ? '7C0282009000' : answer(0x82, mapping.got),
    ],
    [general(false, object(0x83, vector.terminalPublic)), answer(0x84, vector.chipPublic)],
    [general(true, object(0x85, vector.terminalToken)), answer(0x86, vector.chipToken)],
  ];
  return commands.map(([command, response]) => ({ command, response }));
}

describeWithData('PACE, worked examples of 9303-11', [G1, G2, H1, TRANSCRIPT], () => {
  test('G.1: ECDH generic mapping, transcript byte by byte', async () => {
    const transcript = await Bun.file(sharedPath(TRANSCRIPT)).json();
    const { map, agreement } = transcript.terminalPrivateKeys;
    const transceiver = scriptedChip(transcript.exchanges);
    const session = new Session({ transceiver });
    const { channel } = await authenticatePace(session, {
      ...choice(hex(transcript.cardAccess)),
      password: mrzPassword(transcript.password),
      random: fixedRandom(map, agreement),
    });
    const state = channel.snapshot();
    expect(transceiver.done).toBe(true);
    expect(session.channel).toBe(channel);
    expect(state.cipher).toBe(transcript.after.cipher);
    expect(toHex(state.kenc)).toBe(transcript.after.ksEnc);
    expect(toHex(state.kmac)).toBe(transcript.after.ksMac);
    expect(state.ssc).toBe(0n);
  });

  test('G.1: the intermediate values of the mapping', async () => {
    const vector = await Bun.file(sharedPath(G1)).json();
    const domain = standardizedDomain(vector.parameterId);
    if (domain.kind !== 'ec') throw new Error('not a curve');
    const base = ecAgreement(domain.curve);
    const own = base.generateKeyPair(fixedRandom(vector.terminalMapPrivate));
    expect(toHex(own.publicKey)).toBe(vector.terminalMapPublic);
    const mapped = base.mapGeneric(hex(vector.nonce), own, hex(vector.chipMapPublic));
    const one = mapped.generateKeyPair(fixedRandom('01'.padStart(64, '0')));
    expect(toHex(one.publicKey)).toBe(vector.mappedGenerator);
    const pair = mapped.generateKeyPair(fixedRandom(vector.terminalPrivate));
    expect(toHex(pair.publicKey)).toBe(vector.terminalPublic);
    expect(toHex(mapped.sharedSecret(pair, hex(vector.chipPublic)))).toBe(vector.sharedSecret);
  });

  test('G.2: DH generic mapping', async () => {
    const vector = await Bun.file(sharedPath(G2)).json();
    const chosen = choice(cardAccess(vector.oid, vector.parameterId));
    const mapping = { sent: vector.terminalMapPublic, got: vector.chipMapPublic };
    const transceiver = scriptedChip(exchangesOf(vector, 1, mapping));
    const { channel } = await authenticatePace(new Session({ transceiver }), {
      ...chosen,
      password: mrzPassword(vector),
      random: fixedRandom(vector.terminalMapPrivate, vector.terminalPrivate),
    });
    const state = channel.snapshot();
    expect(transceiver.done).toBe(true);
    expect(toHex(state.kenc)).toBe(vector.ksEnc);
    expect(toHex(state.kmac)).toBe(vector.ksMac);
  });

  test('G.2: the mapped generator', async () => {
    const vector = await Bun.file(sharedPath(G2)).json();
    const domain = standardizedDomain(0);
    if (domain.kind !== 'dh') throw new Error('not a group');
    const base = dhAgreement(domain.group);
    const own = base.generateKeyPair(fixedRandom(vector.terminalMapPrivate));
    const mapped = base.mapGeneric(hex(vector.nonce), own, hex(vector.chipMapPublic));
    const one = mapped.generateKeyPair(fixedRandom('01'.padStart(40, '0')));
    expect(toHex(one.publicKey)).toBe(vector.mappedGenerator);
  });

  test('H.1: ECDH integrated mapping, with the CAN', async () => {
    const vector = await Bun.file(sharedPath(H1)).json();
    const chosen = choice(cardAccess(vector.oid, vector.parameterId));
    const exchanges = exchangesOf(vector, 2, { sent: vector.terminalMappingNonce });
    const transceiver = scriptedChip(exchanges);
    const { channel } = await authenticatePace(new Session({ transceiver }), {
      ...chosen,
      password: canPassword(vector.password),
      random: fixedRandom(vector.terminalMappingNonce, vector.terminalPrivate),
    });
    const state = channel.snapshot();
    expect(transceiver.done).toBe(true);
    expect(toHex(state.kenc)).toBe(vector.ksEnc);
    expect(toHex(state.kmac)).toBe(vector.ksMac);
  });

  test('a bit changed anywhere in what the chip says breaks the protocol at that step', async () => {
    const { exchanges, terminalPrivateKeys, password, cardAccess } = await Bun.file(
      sharedPath(TRANSCRIPT),
    ).json();
    const { map, agreement } = terminalPrivateKeys;
    for (let step = 1; step < 5; step++) {
      const original = hex(exchanges[step].response);
      for (let byte = 4; byte < original.length - 2; byte += 11) {
        const changed = original.slice();
        changed[byte] ^= 0x10;
        const transceiver = chip((command, count) => {
          if (count - 1 === step) return changed;
          if (count - 1 < step) return exchanges[count - 1].response;
          // what follows a changed value: the real chip would see a wrong token
          return command[0] === 0 ? '6300' : exchanges[count - 1].response;
        });
        const session = new Session({ transceiver });
        const error = await authenticatePace(session, {
          ...choice(hex(cardAccess)),
          password: mrzPassword(password),
          random: fixedRandom(map, agreement),
        }).catch((e) => e);
        expect(['ACCESS_FAILED', 'ACCESS_DENIED']).toContain(error.code);
        expect(error.step).toStartWith('PACE');
        expect(session.channel).toBeUndefined();
      }
    }
  });
});

describe('PACE with a chip that refuses', () => {
  const oid = '04007F00070202040202';
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
  const nonce = '7C128010000102030405060708090A0B0C0D0E0F9000';
  /** Answers the steps with these; step 2 and 3 give back a point made from the generator. */
  const run = async (...answers: string[]) => {
    const transceiver = chip((_, count) => answers[count - 1] ?? '6F00');
    const session = new Session({ transceiver });
    const error = await authenticatePace(session, {
      ...choice(cardAccess(oid, 13)),
      password: canPassword('123456'),
      random,
    }).catch((e) => e);
    return { error, commands: transceiver.commands };
  };

  test('MSE:Set AT is repeated without the parameter id, then given up', async () => {
    const { error, commands } = await run('6A80', '6A88');
    expect(error).toMatchObject({
      code: 'ACCESS_UNSUPPORTED',
      step: 'PACE MSE',
      statusWord: 0x6a88,
    });
    expect(commands[0]).toEndWith('83010284010D');
    expect(commands[1]).toEndWith('830102');
    expect(commands.length).toBe(2);
  });

  test('a blocked password is a denial', async () => {
    const { error } = await run('6983');
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', step: 'PACE MSE' });
  });

  test('6982 at the nonce', async () => {
    const { error } = await run('9000', '6982');
    expect(error).toMatchObject({ code: 'ACCESS_FAILED', step: 'PACE 1', statusWord: 0x6982 });
  });

  test.each([
    ['no data', '9000'],
    ['another template', '7D009000'],
    ['no nonce', '7C009000'],
    ['an empty nonce', '7C0280009000'],
    ['a nonce of no whole blocks', '7C038001009000'],
    ['a nonce of 80 bytes', `7C528050${'00'.repeat(80)}9000`],
    ['lengths that lie', '7C84FFFFFFFF80109000'],
  ])('nonce step: %s', async (_, answer) => {
    const { error } = await run('9000', answer);
    expect(error).toMatchObject({ code: 'ACCESS_FAILED', step: 'PACE 1' });
  });

  test('a mapping key off the curve, at infinity or of another length', async () => {
    for (const point of [`04${'11'.repeat(64)}`, '00', `04${'00'.repeat(64)}`, '']) {
      const { error } = await run('9000', nonce, answer(0x82, point));
      expect(error).toMatchObject({ code: 'ACCESS_FAILED', step: 'PACE 2' });
    }
  });

  test("the terminal's own key sent back", async () => {
    const transceiver = chip((command, count) => {
      if (count === 1) return '9000';
      if (count === 2) return nonce;
      const key = toHex(command.subarray(9, 9 + 65));
      return answer(count === 3 ? 0x82 : 0x84, key);
    });
    const error = await authenticatePace(new Session({ transceiver }), {
      ...choice(cardAccess(oid, 13)),
      password: canPassword('123456'),
      random,
    }).catch((e) => e);
    expect(error).toMatchObject({ code: 'ACCESS_FAILED', step: 'PACE 3' });
  });
});
