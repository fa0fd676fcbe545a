import { describe, expect, test } from 'bun:test';
import {
  authenticateBac,
  basicAccessKeys,
  canPassword,
  mrzInformation,
  mrzPassword,
} from '../../../emrtd/access/mod.ts';
import { Session } from '../../../emrtd/iso7816/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { chip, fixedRandom, hex, scriptedChip, toHex } from '../iso7816/scripted-chip.ts';

const VECTOR = 'emrtd/vectors/icao-D3-bac.json';
const TRANSCRIPT = 'emrtd/transcripts/icao-D3-bac.json';
const MRZ = { documentNumber: 'L898902C', dateOfBirth: '690806', dateOfExpiry: '940623' };

describeWithData('BAC, worked example of 9303-11 D.3', [VECTOR, TRANSCRIPT], () => {
  test('gives the MRZ information and the basic access keys', async () => {
    const vector = await Bun.file(sharedPath(VECTOR)).json();
    expect(mrzInformation(vector)).toBe(vector.mrzInformation);
    const { kenc, kmac } = basicAccessKeys(mrzPassword(vector));
    expect(toHex(kenc)).toBe(vector.kEnc);
    expect(toHex(kmac)).toBe(vector.kMac);
  });

  test('replays the transcript byte by byte to the session keys and the counter', async () => {
    const transcript = await Bun.file(sharedPath(TRANSCRIPT)).json();
    const { rndIfd, kIfd } = transcript.terminalRandom;
    const transceiver = scriptedChip(transcript.exchanges);
    const session = new Session({ transceiver });
    const password = mrzPassword(transcript.password);
    const channel = await authenticateBac(session, password, fixedRandom(rndIfd, kIfd));
    const state = channel.snapshot();
    expect(transceiver.done).toBe(true);
    expect(session.channel).toBe(channel);
    expect(state.cipher).toBe(transcript.after.cipher);
    expect(toHex(state.kenc)).toBe(transcript.after.ksEnc);
    expect(toHex(state.kmac)).toBe(transcript.after.ksMac);
    expect(state.ssc).toBe(BigInt(`0x${transcript.after.ssc}`));
  });

  test('refuses an answer with any one bit changed, always with the same error', async () => {
    const { exchanges, terminalRandom } = await Bun.file(sharedPath(TRANSCRIPT)).json();
    const messages = new Set<string>();
    for (let bit = 0; bit < 320; bit += 7) {
      const answer = hex(exchanges[1].response);
      answer[bit >> 3] ^= 1 << (bit & 7);
      const transceiver = chip((_, count) => count === 1 ? exchanges[0].response : answer);
      const random = fixedRandom(terminalRandom.rndIfd, terminalRandom.kIfd);
      const session = new Session({ transceiver });
      const error = await authenticateBac(session, mrzPassword(MRZ), random).catch((e) => e);
      expect(error.code).toBe('ACCESS_FAILED');
      expect(error.step).toBe('BAC 2');
      expect(session.channel).toBeUndefined();
      messages.add(error.message);
    }
    expect(messages.size).toBe(1);
  });
});

describe('BAC with a chip that refuses', () => {
  const run = (challenge: string, answer: string) => {
    const transceiver = chip((_, count) => count === 1 ? challenge : answer);
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
    const session = new Session({ transceiver });
    return authenticateBac(session, mrzPassword(MRZ), random).catch((error) => error);
  };

  test.each(['6300', '6982', '6988', '6A80', '63C2'])('wrong keys: %s', async (sw) => {
    const error = await run('01020304050607089000', sw);
    expect(error.code).toBe('ACCESS_DENIED');
    expect(error.statusWord).toBe(parseInt(sw, 16));
  });

  test.each(['6700', '6D00', '6E00'])('not about the keys: %s', async (sw) => {
    expect(await run('01020304050607089000', sw)).toMatchObject({
      code: 'ACCESS_FAILED',
      step: 'BAC 2',
    });
  });

  test('a challenge of another length or an error word', async () => {
    for (const challenge of ['9000', '010203040506079000', '6982', '6D00']) {
      expect(await run(challenge, '9000')).toMatchObject({ code: 'ACCESS_FAILED', step: 'BAC 1' });
    }
  });

  test('a password other than the MRZ is not sent', async () => {
    const transceiver = chip(() => '6F00');
    const session = new Session({ transceiver });
    const error = await authenticateBac(session, canPassword('123456'), () => new Uint8Array(8))
      .catch((e) => e);
    expect(error.code).toBe('ACCESS_UNSUPPORTED');
    expect(transceiver.commands).toEqual([]);
  });
});
