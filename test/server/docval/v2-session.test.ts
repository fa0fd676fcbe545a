/** Whole v2 sessions: the client holds the channel, the server authenticates the chip on it. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { compactVerify, importJWK } from 'jose';
import { openSigningKey } from '../../../server/core/keys/signing-key.ts';
import { parseClientMessage, writeServerMessage } from '../../../server/docval/v2-messages.ts';
import { ERIKSSON, PHOTO } from '../../emrtd/chip/support.ts';
import { openSocket } from './support/client.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';
import { CLIENT_ID, type DocvalServer, startDocval } from './support/server.ts';
import { resultOf, runV2 } from './support/v2-client.ts';

const servers: DocvalServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

function serve(options: Parameters<typeof startDocval>[0]): { server: DocvalServer; url: string } {
  const server = startDocval(options);
  servers.push(server);
  return { server, url: `${server.origin.replace('http', 'ws')}/ws2/validate` };
}

type Profile = keyof typeof PROFILES;

const OUTCOMES: [Profile, handback: string | undefined, chip: string, active: string][] = [
  ['BAC', undefined, 'UNAVAILABLE', 'UNAVAILABLE'],
  ['PACE-GM and CA', 'SUCCESS', 'SUCCESS', 'UNAVAILABLE'],
  ['PACE-IM', 'UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE'],
  ['BAC and CA with 3DES', 'SUCCESS', 'SUCCESS', 'UNAVAILABLE'],
  ['BAC and AA', 'UNAVAILABLE', 'UNAVAILABLE', 'SUCCESS'],
  ['BAC, CA and AA', 'SUCCESS', 'SUCCESS', 'SUCCESS'],
];

describe('a session with', () => {
  for (const [name, handback, chip, active] of OUTCOMES) {
    test(name, async () => {
      const specimen = makeSpecimen(PROFILES[name]);
      const { server, url } = serve({ trust: specimen.trust });
      const transcript = await runV2({ url, chip: specimen.insert(), javaKeys: true });
      const messages = transcript.texts.map((text) => JSON.parse(text));
      expect(messages.map(({ type }) => type)).toEqual([
        'ACCEPT',
        ...(handback === undefined ? [] : ['CA_HANDBACK']),
        'RESULT',
        'CLOSE',
      ]);
      expect(messages.at(-1)).toEqual({ type: 'CLOSE', code: 1000 });
      expect([transcript.code, transcript.reason]).toEqual([1000, '']);
      const back = messages.find(({ type }) => type === 'CA_HANDBACK');
      expect(back?.checkResult).toBe(handback);
      expect(transcript.files).toEqual(handback === 'SUCCESS' ? ['dg1'] : []);
      expect(resultOf(transcript)).toMatchObject({
        sodInfo: { hashAlgorithm: 'SHA-256' },
        mrzInfo: {
          documentNumber: ERIKSSON.documentNumber,
          secondaryIdentifier: ['ANNA', 'MARIA'],
        },
        facePhoto: PHOTO.toBase64(),
        passiveAuthentication: true,
        passiveAuthenticationDetails: { allHashesValid: true, error: null },
        chipAuthenticationResult: chip,
        activeAuthenticationResult: active,
        errors: [],
      });
      expect(server.sessions()).toMatchObject([{ protocol: 'v2', outcome: 'DONE' }]);
    });
  }
});

describe('no proof of the chip is given to', () => {
  const cloned = makeSpecimen(PROFILES['PACE-GM and CA']);
  const signing = makeSpecimen(PROFILES['BAC and AA']);

  test('a copy that cannot do chip authentication', async () => {
    const { url } = serve({ trust: cloned.trust });
    const chip = cloned.insert({ faults: ['ca-refused'] });
    const transcript = await runV2({ url, chip });
    expect(resultOf(transcript)).toMatchObject({
      chipAuthenticationResult: 'FAILED',
      errors: [expect.stringContaining('CHIP_AUTHENTICATION: ')],
    });
  });

  test('a client that keeps the chip to itself', async () => {
    const { url } = serve({ trust: cloned.trust });
    const transcript = await runV2({ url, chip: cloned.insert(), keepChip: true });
    expect(resultOf(transcript)).toMatchObject({
      passiveAuthentication: true,
      chipAuthenticationResult: 'FAILED',
      errors: ['CHIP_AUTHENTICATION: EF.SOD lists DG14, which was not sent'],
    });
  });

  test('a client that sends another DG14 than was signed', async () => {
    const other = makeSpecimen({ ...PROFILES['PACE-GM and CA'], seed: 'other', can: '111111' });
    const { url } = serve({ trust: cloned.trust });
    const transcript = await runV2({ url, chip: other.insert() });
    expect(resultOf(transcript)).toMatchObject({
      passiveAuthentication: false,
      chipAuthenticationResult: 'SUCCESS',
    });
    const tampered = await runV2({
      url,
      chip: cloned.insert(),
      tamper: (name, bytes) => name === 'sod' ? bytes.with(bytes.length - 20, 0) : bytes,
    });
    expect(resultOf(tampered)).toMatchObject({
      passiveAuthentication: false,
      chipAuthenticationResult: 'FAILED',
    });
  });

  test('a signature over another challenge', async () => {
    const { url } = serve({ trust: signing.trust });
    const chip = signing.insert({ faults: ['aa-replayed'] });
    const transcript = await runV2({ url, chip });
    expect(resultOf(transcript)).toMatchObject({
      activeAuthenticationResult: 'FAILED',
      errors: ['ACTIVE_AUTHENTICATION: the signature is not by the key of DG15'],
    });
  });

  test('a client that leaves the signature out', async () => {
    const { url } = serve({ trust: signing.trust });
    const finish = { activeAuthenticationSignature: null };
    const transcript = await runV2({ url, chip: signing.insert(), finish });
    expect(resultOf(transcript)).toMatchObject({ activeAuthenticationResult: 'FAILED' });
  });
});

test('a client that asks gets the result signed as well', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-v2-'));
  const signingKey = await openSigningKey(folder);
  await rm(folder, { recursive: true });
  const specimen = makeSpecimen(PROFILES['PACE-GM and CA']);
  const { url } = serve({ trust: specimen.trust, signingKey });
  const signed = await runV2({ url, chip: specimen.insert(), start: { signedResult: true } });
  const { signedResult } = JSON.parse(signed.texts.find((text) => text.includes('"RESULT"'))!);
  const { payload } = await compactVerify(signedResult, await importJWK(signingKey.jwk));
  const statement = JSON.parse(new TextDecoder().decode(payload));
  expect(statement.emrtd_passport.chip_authentication_result).toBe('SUCCESS');
  expect(statement.checks).toContainEqual({
    procedure: 'chip_authentication',
    check: 'chip-proof',
    status: 'passed',
    reason: expect.any(String),
  });
  const plain = await runV2({ url, chip: specimen.insert() });
  expect(plain.texts.join()).not.toContain('signedResult');
});

test('no result is sent to a client that does not ask', async () => {
  const specimen = makeSpecimen(PROFILES.BAC);
  const { url } = serve({ trust: specimen.trust });
  const transcript = await runV2({ url, chip: specimen.insert(), finish: { sendResult: false } });
  expect(transcript.code).toBe(1000);
  expect(resultOf(transcript)).toBeUndefined();
});

describe('what ends a session', () => {
  const specimen = makeSpecimen(PROFILES.BAC);
  const { url } = serve({ trust: specimen.trust });
  const start = JSON.stringify({
    type: 'START',
    validationId: 'v2',
    clientId: CLIENT_ID,
    platform: 'Android',
    nfcAdapterSupportsExtendedLength: true,
  });
  const file = Uint8Array.of(1, 3, 0x73, 0x6f, 0x64, 0x30);
  const keys =
    '{"algorithm":"AES","encKey":"AAAAAAAAAAAAAAAAAAAAAA==","macKey":"AAAAAAAAAAAAAAAAAAAAAA==","ssc":1}';
  const handover = (info: string) =>
    `{"type":"CA_HANDOVER","maxTransceiveLengthForSecureMessaging":256,"maxBlockSize":224,"secureMessagingInfo":${info}}`;
  const dg14 = Uint8Array.of(1, 4, 0x64, 0x67, 0x31, 0x34, 0x6e);
  const cases: [string, (string | Uint8Array)[], string][] = [
    ['no JSON', ['{'], 'PROTOCOL_ERROR'],
    ['a type that is not known', ['{"type":"HELLO"}'], 'PROTOCOL_ERROR'],
    ['a start without client', ['{"type":"START"}'], 'INVALID_START_MESSAGE'],
    ['an unknown client', [start.replace(CLIENT_ID, 'somebody-else')], 'INVALID_CLIENT_ID'],
    ['an empty client id', [start.replace(CLIENT_ID, '')], 'INVALID_CLIENT_ID'],
    ['two starts', [start, start], 'UNEXPECTED_MESSAGE'],
    ['a file before the start', [file], 'UNEXPECTED_MESSAGE'],
    ['the end before the start', ['{"type":"FINISH","sendResult":true}'], 'UNEXPECTED_MESSAGE'],
    ['the end without files', [start, '{"type":"FINISH","sendResult":true}'], 'FILE_READ_ERROR'],
    ['an answer without a command', [start, Uint8Array.of(2, 0x90, 0)], 'UNEXPECTED_MESSAGE'],
    ['a frame of no kind', [start, Uint8Array.of(3, 1, 2)], 'PROTOCOL_ERROR'],
    ['an empty frame', [start, new Uint8Array(0)], 'PROTOCOL_ERROR'],
    ['a file without a name', [start, Uint8Array.of(1, 0, 0x30)], 'PROTOCOL_ERROR'],
    ['a file without data', [start, Uint8Array.of(1, 3, 0x73, 0x6f, 0x64)], 'PROTOCOL_ERROR'],
    ['a file in two versions', [start, file, file.with(5, 0x31)], 'PROTOCOL_ERROR'],
    ['a handover without DG14', [start, handover(keys)], 'UNEXPECTED_MESSAGE'],
    [
      'a counter with a fraction',
      [start, dg14, handover(keys.replace('1}', '1.5}'))],
      'PROTOCOL_ERROR',
    ],
    [
      'a counter of 65 bits',
      [start, dg14, handover(keys.replace('1}', '18446744073709551616}'))],
      'PROTOCOL_ERROR',
    ],
    [
      'keys of another length',
      [start, dg14, handover(keys.replace('AAAAAA==', ''))],
      'PROTOCOL_ERROR',
    ],
  ];
  for (const [name, messages, reason] of cases) {
    test(name, async () => {
      const socket = await openSocket(url);
      for (const message of messages) socket.send(message);
      const transcript = await socket.closed;
      expect(transcript.reason).toBe(reason);
      expect(transcript.texts.at(-1)).toEqual({ type: 'CLOSE', code: transcript.code, reason });
    });
  }

  test('more bytes than a document has', async () => {
    const small = serve({ trust: specimen.trust, limits: { maxDocumentBytes: 10_000 } });
    const socket = await openSocket(small.url);
    socket.send(start);
    for (let i = 1; i <= 4; i++) {
      socket.send(new Uint8Array([1, 3, 0x64, 0x67, 0x30 + i, ...new Uint8Array(3000)]));
    }
    expect((await socket.closed).reason).toBe('PROTOCOL_ERROR');
  });
});

test('a client without a limit of its own hands over with the largest number it has', () => {
  const key = new Uint8Array(16).toBase64();
  const keys = `{"algorithm":"AES","encKey":"${key}","macKey":"${key}","ssc":1}`;
  const text = '{"type":"CA_HANDOVER","maxTransceiveLengthForSecureMessaging":2147483647,' +
    `"maxBlockSize":2147483647,"secureMessagingInfo":${keys}}`;
  expect(parseClientMessage(text)).toMatchObject({ type: 'CA_HANDOVER' });
});

test('Base64 may be broken into lines (RFC 2045 6.8), as encoders of phones do by default', () => {
  const signature = new Uint8Array(128).fill(0xa5).toBase64();
  const wrapped = `${signature.slice(0, 76)}\n${signature.slice(76, 152)}\r\n${
    signature.slice(152)
  }\n`;
  const finish = { type: 'FINISH', sendResult: true, activeAuthenticationSignature: wrapped };
  expect(parseClientMessage(JSON.stringify(finish))).toMatchObject({
    activeAuthenticationSignature: signature,
  });
});

test('every counter of 64 bits comes through unchanged, with a sign or without', () => {
  const key = new Uint8Array(16).toBase64();
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (ssc) => {
    const keys = { algorithm: 'AES', encKey: key, macKey: key, ssc } as const;
    const text = writeServerMessage({
      type: 'CA_HANDBACK',
      checkResult: 'SUCCESS',
      secureMessagingInfo: keys,
    });
    const asClient = text.replace(
      '"CA_HANDBACK"',
      '"CA_HANDOVER","maxTransceiveLengthForSecureMessaging":256,"maxBlockSize":224',
    );
    expect(parseClientMessage(asClient)).toMatchObject({ secureMessagingInfo: keys });
  }));
});
