import { expect, test } from 'bun:test';
import {
  authenticateChip,
  chipAuthenticationChoices,
} from '../../../emrtd/auth/chip-authentication.ts';
import {
  decodePoint,
  deriveKey,
  ecdh,
  KDF_ENC,
  KDF_MAC,
  parsePkcs8,
} from '../../../emrtd/crypto/mod.ts';
import { dataGroupFile, selectFile, Session } from '../../../emrtd/iso7816/mod.ts';
import { parseDg14 } from '../../../emrtd/lds/mod.ts';
import { SecureChannel } from '../../../emrtd/messaging/mod.ts';
import { describeWithData, sharedPath } from '../../support/shared-data.ts';
import { chip, fixedRandom, hex, scriptedChip, toHex } from '../iso7816/scripted-chip.ts';

const path = (country: string): string => `emrtd/transcripts/${country}-chip-authentication.json`;
const COUNTRIES = ['AT', 'DE'];

function channelOf(state: { cipher: 'AES-128'; ksEnc: string; ksMac: string; ssc: string }) {
  return new SecureChannel({
    cipher: state.cipher,
    kenc: hex(state.ksEnc),
    kmac: hex(state.ksMac),
    ssc: BigInt(`0x${state.ssc}`),
  });
}

describeWithData('chip authentication of real documents', COUNTRIES.map(path), () => {
  test.each(COUNTRIES)(
    '%s: replays the transcript to the new keys and the next read',
    async (country) => {
      const transcript = await Bun.file(sharedPath(path(country))).json();
      const transceiver = scriptedChip(transcript.exchanges);
      const session = new Session({ transceiver });
      session.channel = channelOf(transcript.before);
      const infos = parseDg14(hex(transcript.dg14)).data;
      const random = fixedRandom(transcript.terminalPrivateKey);
      const { channel, choice } = await authenticateChip(session, infos, random);
      expect(choice).toMatchObject({ cipher: 'AES-128', keyAgreement: 'ECDH', inferred: false });
      expect(choice.keyId).toBe(country === 'DE' ? 0xc3n : undefined);
      expect(channel.snapshot()).toEqual({
        cipher: 'AES-128',
        kenc: hex(transcript.after.ksEnc),
        kmac: hex(transcript.after.ksMac),
        ssc: 0n,
      });
      await selectFile(session, dataGroupFile(14));
      expect(channel.snapshot().ssc).toBe(BigInt(`0x${transcript.after.ssc}`));
      expect(transceiver.done).toBe(true);
    },
  );

  test('DG14 as a file of its own gives the same choices', async () => {
    for (const country of COUNTRIES) {
      const bytes = await Bun.file(sharedPath(`emrtd/dg/dg14-${country}.bin`)).bytes();
      const transcript = await Bun.file(sharedPath(path(country))).json();
      expect(toHex(bytes)).toBe(transcript.dg14);
      expect(chipAuthenticationChoices(parseDg14(bytes).data).length).toBe(1);
    }
  });

  test('a key that no entry names is taken for 3DES', async () => {
    const transcript = await Bun.file(sharedPath(path('AT'))).json();
    const infos = parseDg14(hex(transcript.dg14)).data;
    infos.chipAuthentication = [];
    expect(chipAuthenticationChoices(infos)).toMatchObject([{ cipher: '3DES', inferred: true }]);
    const transceiver = chip(() => '9000');
    const session = new Session({ transceiver });
    const random = fixedRandom(transcript.terminalPrivateKey);
    const { channel } = await authenticateChip(session, infos, random);
    expect(transceiver.commands).toEqual([`002241A6439141${transcript.terminalPublicKey}`]);
    expect(channel.cipher).toBe('3DES');
  });

  test('a refusal by the chip is an error with the step and the word', async () => {
    const transcript = await Bun.file(sharedPath(path('AT'))).json();
    const infos = parseDg14(hex(transcript.dg14)).data;
    const session = new Session({ transceiver: chip(() => '6A88') });
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(1);
    const error = await authenticateChip(session, infos, random).catch((e) => e);
    expect(error).toMatchObject({ code: 'CHIP_AUTHENTICATION', step: 'CA', statusWord: 0x6a88 });
  });

  test('a chip with very many keys has eight of them tried', async () => {
    const transcript = await Bun.file(sharedPath(path('AT'))).json();
    const infos = parseDg14(hex(transcript.dg14)).data;
    const [info] = infos.chipAuthentication;
    infos.chipAuthentication = Array.from({ length: 40 }, () => info);
    const transceiver = chip(() => '6A88');
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(1);
    const error = await authenticateChip(new Session({ transceiver }), infos, random)
      .catch((e) => e);
    expect(error.code).toBe('CHIP_AUTHENTICATION');
    expect(transceiver.commands.length).toBe(8);
  });

  test('SecurityInfos without a key are an error', async () => {
    const transcript = await Bun.file(sharedPath(path('AT'))).json();
    const infos = parseDg14(hex(transcript.dg14)).data;
    infos.chipAuthenticationPublicKeys = [];
    const session = new Session({ transceiver: chip(() => '9000') });
    const error = await authenticateChip(session, infos, () => new Uint8Array(32)).catch((e) => e);
    expect(error.code).toBe('CHIP_AUTHENTICATION');
  });
});

const BSI = 'emrtd/bsi-tr03105';

describeWithData('chip authentication with the BSI reference document', [BSI], () => {
  test('the private key of the document comes to the same keys', async () => {
    const dg14 = parseDg14(await Bun.file(sharedPath(`${BSI}/DG14.bin`)).bytes()).data;
    const key = parsePkcs8(await Bun.file(sharedPath(`${BSI}/ca-key.pkcs8.der`)).bytes());
    if (key.kind !== 'ec') throw new Error('not an elliptic curve key');
    const transceiver = chip(() => '9000');
    const session = new Session({ transceiver });
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    const { channel, choice } = await authenticateChip(session, dg14, random);
    expect(choice).toMatchObject({ cipher: '3DES', inferred: false });
    const [command] = transceiver.commands;
    expect(command).toStartWith('002241A6');
    const length = parseInt(command.slice(12, 14), 16);
    const sent = decodePoint(key.curve, hex(command.slice(14, 14 + 2 * length)));
    const secret = ecdh(key.curve, key.privateKey, sent);
    const { kenc, kmac, ssc } = channel.snapshot();
    expect(kenc).toEqual(deriveKey(secret, KDF_ENC, '3DES'));
    expect(kmac).toEqual(deriveKey(secret, KDF_MAC, '3DES'));
    expect(ssc).toBe(0n);
  });
});
