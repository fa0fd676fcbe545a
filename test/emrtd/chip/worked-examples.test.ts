/** The chip against the worked examples of ICAO 9303-11 (D.3, D.4, G.1, G.2, H.1), byte by byte. */
import { describe, expect, test } from 'bun:test';
import {
  bytesFile,
  type ChipDocument,
  FILE,
  type PaceVariant,
  SoftwareChip,
} from '../../../emrtd/chip/mod.ts';
import { fromHex, standardizedDomain, toHex } from '../../../emrtd/crypto/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { scripted, send } from './support.ts';

interface Transcript {
  exchanges: { means: string; command: string; response: string }[];
}

const vector = (name: string) => Bun.file(sharedPath(`emrtd/vectors/${name}.json`)).json();
const transcript = (name: string): Promise<Transcript> =>
  Bun.file(sharedPath(`emrtd/transcripts/${name}.json`)).json();

function chipDocument(changes: Partial<ChipDocument>): ChipDocument {
  return {
    mrzInformation: '',
    bac: false,
    pace: [],
    masterFiles: [],
    applicationFiles: [],
    chipAuthentication: [],
    ...changes,
  };
}

function pace(mapping: 'GM' | 'IM', oid: string, parameterId: number): PaceVariant {
  return {
    oid,
    mapping,
    cipher: 'AES-128',
    parameterId,
    domain: standardizedDomain(parameterId),
  };
}

/** Sends GENERAL AUTHENTICATE with one data object and gives the value of one of the answer. */
async function step(
  chip: SoftwareChip,
  tag: string,
  value: string,
  last = false,
): Promise<string> {
  const length = (bytes: number) =>
    bytes < 128 ? bytes.toString(16).padStart(2, '0') : `81${bytes.toString(16)}`;
  const object = tag === '' ? '' : tag + length(value.length / 2) + value;
  const data = `7C${length(object.length / 2)}${object}`;
  const lc = (data.length / 2).toString(16).padStart(2, '0');
  const answer = await send(chip, `${last ? '00' : '10'}860000${lc}${data}00`);
  expect(answer.endsWith('9000')).toBe(true);
  const long = answer.startsWith('7C81');
  const inner = answer.slice(long ? 6 : 4, -4);
  return inner.slice(inner.slice(2, 4) === '81' ? 6 : 4);
}

describeWithData('chip and the worked examples of 9303-11', ['emrtd/vectors'], () => {
  test('D.3 and D.4: BAC, then EF.COM under secure messaging', async () => {
    const example = await vector('icao-D3-bac');
    const d4 = await Bun.file(sharedPath('emrtd/transcripts/icao-D4-read-com.json')).json();
    const chip = new SoftwareChip(
      chipDocument({
        mrzInformation: example.mrzInformation,
        bac: true,
        applicationFiles: [bytesFile(FILE.com, 'protected', fromHex(d4.plainFile))],
      }),
      { random: scripted(example.rndIc, example.kIc) },
    );
    expect(await send(chip, '00A4040C07A0000002471001')).toBe('9000');
    const d3 = await transcript('icao-D3-bac');
    for (const { command, response } of [...d3.exchanges, ...d4.exchanges]) {
      expect(await send(chip, command)).toBe(response);
    }
  });

  test('G.1: PACE with ECDH and generic mapping', async () => {
    const example = await vector('icao-G1-pace-ecdh-gm');
    const chip = new SoftwareChip(
      chipDocument({
        mrzInformation: example.mrzInformation,
        pace: [pace('GM', '0.4.0.127.0.7.2.2.4.2.2', 13)],
      }),
      { random: scripted(example.nonce, example.chipMapPrivate, example.chipPrivate) },
    );
    for (const { command, response } of (await transcript('icao-G1-pace-ecdh-gm')).exchanges) {
      expect(await send(chip, command)).toBe(response);
    }
  });

  test('G.2: PACE with DH and generic mapping', async () => {
    const example = await vector('icao-G2-pace-dh-gm');
    const chip = new SoftwareChip(
      chipDocument({
        mrzInformation: example.mrzInformation,
        pace: [pace('GM', '0.4.0.127.0.7.2.2.4.1.2', 0)],
      }),
      { random: scripted(example.nonce, example.chipMapPrivate, example.chipPrivate) },
    );
    expect(await send(chip, `0022C1A40F800A${example.oid}830101`)).toBe('9000');
    expect(await step(chip, '', '')).toBe(example.encryptedNonce);
    expect(await step(chip, '81', example.terminalMapPublic)).toBe(example.chipMapPublic);
    // 9303-11 9.4.1: unsigned integers travel without leading zero bytes
    expect(await step(chip, '83', example.terminalPublic)).toBe(example.chipPublic);
    expect(await step(chip, '85', example.terminalToken, true)).toBe(example.chipToken);
  });

  test('H.1: PACE with ECDH and integrated mapping', async () => {
    const example = await vector('icao-H1-pace-ecdh-im');
    const chip = new SoftwareChip(
      chipDocument({
        can: example.password,
        pace: [pace('IM', '0.4.0.127.0.7.2.2.4.4.2', 13)],
      }),
      { random: scripted(example.nonce, example.chipPrivate) },
    );
    expect(await send(chip, `0022C1A40F800A${example.oid}830102`)).toBe('9000');
    expect(await step(chip, '', '')).toBe(example.encryptedNonce);
    expect(await step(chip, '81', example.terminalMappingNonce)).toBe('');
    expect(await step(chip, '83', example.terminalPublic)).toBe(example.chipPublic);
    expect(await step(chip, '85', example.terminalToken, true)).toBe(example.chipToken);
  });
});

describe('scripted randomness', () => {
  test('fails when the chip draws something else', () => {
    const random = scripted('0102');
    expect(() => random(3)).toThrow('3 bytes asked');
    expect(toHex(scripted('0102')(2))).toBe('0102');
  });
});
