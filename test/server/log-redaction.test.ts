/**
 * No log line tells of a person or a secret. Every endpoint and every kind of session is used and misused with
 * values that would be recognised, at the most talkative level, and every line is searched for them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LINE_FAULTS, type LineFault } from '../../emrtd/chip/mod.ts';
import { Registry } from '../../server/core/metrics/registry.ts';
import { SigningKey } from '../../server/core/keys/signing-key.ts';
import { parseClients, ResultPoster } from '../../server/docval/mod.ts';
import { type CaptureKeys, openCaptureKeys } from '../../server/identy/mod.ts';
import { sealCapture } from '../../server/web/face-sdk/seal.ts';
import { CHECKED_AT, ERIKSSON, PHOTO } from '../emrtd/chip/support.ts';
import { MRZ_KEY, openSocket, relay, startMessage } from './docval/support/client.ts';
import { CAN, filesOf, makeSpecimen, PROFILES } from './docval/support/documents.ts';
import { runV2 } from './docval/support/v2-client.ts';
import { CLIENT_ID } from './docval/support/server.ts';
import { describeCapture, writeCapture, writePayload } from './identy/support/captures.ts';
import { base64, picture } from './support/fake-faces.ts';
import { type Running, startFake } from './support/running.ts';
import { scrape } from './support/scrape.ts';

/** What must not be found, whatever its case. More is added as the server hands it out. */
const secrets = new Set([
  ERIKSSON.documentNumber,
  ERIKSSON.dateOfBirth,
  ERIKSSON.dateOfExpiry,
  ERIKSSON.primaryIdentifier,
  ...ERIKSSON.secondaryIdentifier.split(' '),
  ERIKSSON.optionalData!,
  CAN,
  CLIENT_ID,
  // every other value of this file has this in it
  'marked',
  btoa('marked').slice(0, 8),
]);
/** Session keys as a phone hands them over. */
const SESSION_KEY = new TextEncoder().encode('marked-key-16-by').toBase64();
secrets.add(SESSION_KEY);

/** Identifiers of ours, random enough to hold any six digits by chance. */
const IDENTIFIERS = ['time', 'refid', 'session', 'trace_id', 'span_id', 'validation_sha256'];

/** The secrets in a line, and long runs of what could be Base64 or hexadecimal. */
function found(line: string): string[] {
  const fields = Object.entries(JSON.parse(line)).filter(([name]) => !IDENTIFIERS.includes(name));
  const text = JSON.stringify(Object.fromEntries(fields)).toLowerCase();
  return [
    ...[...secrets].filter((secret) => text.includes(secret.toLowerCase())),
    ...text.match(/[a-z0-9+]{40,}/g) ?? [],
  ];
}

let running: Running, folder: string, keys: CaptureKeys;
const registry = new Registry();
const specimen = makeSpecimen(PROFILES['BAC, CA and AA']);
const pace = makeSpecimen(PROFILES['PACE-GM and CA']);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redaction-'));
  keys = await openCaptureKeys(folder);
  running = startFake(
    { bodyLimitBytes: 200_000, corsOrigins: ['https://marked.example'] },
    undefined,
    {
      registry,
      captureKeys: keys,
      signingKey: await SigningKey.generate(),
      docval: {
        clients: parseClients(
          JSON.stringify({
            clients: [
              { name: 'device', client_id: CLIENT_ID, return_result: true, include_files: true },
              {
                name: 'posting',
                client_id: 'marked-posting-client',
                result_server: {
                  url: 'http://127.0.0.1:1/marked-hook?token=marked',
                  headers: { Authorization: 'Bearer marked-token' },
                  hmac_secret: 'marked-hmac-secret',
                },
              },
            ],
          }),
          'clients',
        ),
        trust: { current: async () => specimen.trust },
        poster: new ResultPoster({ timeoutMs: 100, pausesMs: [1] }),
        limits: { responseTimeoutMs: 300 },
        now: () => CHECKED_AT,
      },
    },
  );
});
afterAll(async () => {
  await running.server.stop();
  await rm(folder, { recursive: true });
});

/** After everything below has run. */
function expectNothing(): void {
  for (const line of running.text) expect([found(line), line]).toEqual([[], line]);
}

const marks = {
  Authorization: 'Bearer marked-bearer',
  Cookie: 'session=marked',
  Referer: 'marked',
};

const EVENTS = ['face 0', 'face 3', 'face 0 2', 'face 0 1 0.1', 'face 0 1 0.9 0.1'];
const FAILURES = ['none', 'broken', 'large', 'tiny', 'crash', 'busy', 'bug'];
const says = (what: string) => base64(picture(`${what} marked`));
/** `face` takes numbers; what is behind them is not looked at. */
const PICTURES = [...EVENTS.map((what) => base64(picture(what))), ...FAILURES.map(says)];

function form(parts: Record<string, string | Blob>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) data.append(name, value);
  return data;
}

/** Bodies that any endpoint may be sent. */
function* bodies(image: string): Generator<BodyInit> {
  const level = { level: 'LOW', threshold: 'LOW', qualityMode: 'ENROL' };
  const template = { template: image, format: 'JPEG' };
  yield JSON.stringify({ image: template, imageToVerifyAgainst: template, ...level });
  yield JSON.stringify({ image, ...level });
  yield JSON.stringify({ image, level: 'marked', threshold: 'marked', qualityMode: 'marked' });
  yield JSON.stringify({
    marked: image,
    image: { marked: image },
    mrz: 'P<UTOERIKSSON<<ANNA<MARIA',
  });
  yield JSON.stringify([image, 'marked']);
  yield `{"image": "${image}", marked`;
  yield 'marked'.repeat(50_000);
  const bytes = Uint8Array.fromBase64(image);
  const file = new Blob([bytes]);
  yield form({ image, ...level });
  yield form({ image: file, file, picID: file, a: file, b: file, template: 'marked', ...level });
  yield form({ marked: image, [image.slice(0, 40)]: 'marked', file: image });
  yield form({ client_id: CLIENT_ID, validation_id: 'marked', sod: file, dg1: file, marked: file });
  yield form({ client_id: 'marked-unknown', sod: file });
}

test('the search finds what it is for', () => {
  expect(found(JSON.stringify({ cause: 'of ErIkSSoN' }))).toEqual(['ERIKSSON']);
  expect(found(JSON.stringify({ cause: PHOTO.toBase64() })).length).toBeGreaterThan(0);
  expect(found(JSON.stringify({ refid: 'W-face-740812', endpoint: '/api/v1/face/as' }))).toEqual(
    [],
  );
});

describe('nothing is told', () => {
  test('by any endpoint, whatever it is sent', async () => {
    const declared = registry.declarations
      .find(({ name }) => name === 'gatehouse_http_request_duration_seconds')?.labels?.endpoint ??
      [];
    expect(declared.length).toBeGreaterThan(15);
    for (const endpoint of declared) {
      const path = endpoint.replace('*', 'marked-path').replace(/:\w+/g, 'marked');
      const url = new URL(path === 'page' ? '/marked' : path, running.server.url);
      url.search = '?marked=L898902C3';
      await fetch(url, { headers: marks });
      await fetch(url, {
        method: 'OPTIONS',
        headers: {
          ...marks,
          Origin: 'https://marked.example',
          'Access-Control-Request-Method': 'POST',
        },
      });
      for (const image of PICTURES) {
        for (const body of bodies(image)) {
          const typed = {
            ...marks,
            ...(typeof body === 'string' && { 'Content-Type': 'application/json' }),
          };
          const answer = await fetch(url, { method: 'POST', headers: typed, body });
          const template = /"template":"([^"]+)"/.exec(await answer.text())?.[1];
          if (template !== undefined) secrets.add(template);
        }
      }
    }
    const metrics = [...(await scrape(running.server.url)).keys()].join('\n');
    for (const endpoint of declared) expect(metrics).toContain(`endpoint="${endpoint}"`);
    // what is counted as other has been forgotten in a list
    expect(metrics).not.toContain('"other"');
    expectNothing();
  }, 60_000);

  test('of sealed captures, open or not', async () => {
    const answer = await running.post('/api/v1/pub_key', new FormData());
    const key = JSON.parse(new TextDecoder().decode(await answer.arrayBuffer()));
    const camera = { ...describeCapture().camera, label: 'marked camera' };
    const changes = { sdk: 'marked', transaction: 'marked', camera };
    const payloads = [
      ...EVENTS.map((what) => writeCapture(describeCapture(changes), [picture(what)])),
      ...FAILURES.map((what) =>
        writeCapture(describeCapture(changes), [picture(`${what} marked`)])
      ),
      writeCapture(
        describeCapture({ ...changes, camera: { ...camera, label: 'OBS Virtual marked' } }),
        [picture('face 0')],
      ),
      writeCapture(describeCapture({ ...changes, templates: ['ISO_19794_5', 'IDENTY_TYPE_1'] }), [
        picture('face 0'),
      ]),
      writePayload({ ...describeCapture(), marked: 'marked' }, picture('marked')),
      writePayload('marked', picture('marked')),
      new TextEncoder().encode('marked'.repeat(100)),
    ];
    for (const path of ['process', 'verifyWithPictureId', 'secure/face/as']) {
      for (const payload of payloads) {
        const blob = await sealCapture(payload, key, Date.now());
        for (const file of [blob, blob, blob.slice(0, -1), await sealCapture(payload, key, 0)]) {
          const body = form({
            file: new Blob([file as Uint8Array<ArrayBuffer>]),
            picID: new Blob([picture('face 0 marked') as Uint8Array<ArrayBuffer>]),
            template: 'JPEG',
            level: 'LOW',
          });
          await fetch(new URL(`/api/v1/${path}`, running.server.url), { method: 'POST', body });
        }
      }
    }
    expectNothing();
  });

  const v1 = () =>
    `${running.server.url.replace('http', 'ws')}ws1/validate?return_result=true&marked=1`;
  const v2 = () => v1().replace('ws1', 'ws2');

  test('of documents that are read, or refuse to be', async () => {
    const can = { can: CAN };
    const wrong = { ...MRZ_KEY, document_number: 'marked-number' };
    await relay(v1(), specimen.insert(), startMessage({ signed_result: true }), marks);
    await relay(v1(), pace.insert(), startMessage({ access_key: can }));
    await relay(v1(), specimen.insert(), startMessage({ access_key: wrong }));
    await relay(
      v1(),
      specimen.insert(),
      startMessage({ access_key: { ...MRZ_KEY, document_number: 'X00000000' } }),
    );
    await relay(v1(), pace.insert(), startMessage({ access_key: { can: '000000' } }));
    await relay(
      v1(),
      specimen.insert(),
      startMessage({ client_id: 'marked-posting-client', validation_id: 'marked' }),
    );
    for (const fault of Object.keys(LINE_FAULTS) as LineFault[]) {
      const [document, access_key] = fault.startsWith('pace') ? [pace, can] : [specimen, MRZ_KEY];
      const chip = document.insert({ faults: [fault], faultAfter: 12, delayMs: 1 });
      await relay(v1(), chip, startMessage({ access_key }));
    }
    // a chip that answers with what it knows
    const text = new TextEncoder().encode('P<UTOERIKSSON<<ANNA<MARIA marked');
    await relay(v1(), { transceive: async () => new Uint8Array([...text, 0x90, 0]) });
    expectNothing();
  });

  test('of messages that are none', async () => {
    for (const url of [v1(), v2()]) {
      for (
        const message of [
          'marked',
          startMessage({ client_id: 'marked' }),
          startMessage({ access_key: { ...MRZ_KEY, marked: 'marked', date_of_birth: '749999' } }),
          startMessage({ access_key: 'marked', platform: 7 }),
          startMessage({ access_key: { can: 'marked' } }),
          ...Object.keys(MRZ_KEY).map((field) =>
            startMessage({ access_key: { ...MRZ_KEY, [field]: 'marked' } })
          ),
          JSON.stringify({ type: 'marked', marked: 'marked' }),
          JSON.stringify({
            type: 'START',
            clientId: 'marked',
            validationId: 'marked',
            platform: 'marked',
          }),
          'marked'.repeat(5000),
          new TextEncoder().encode('marked'),
        ]
      ) {
        const socket = await openSocket(url, { headers: marks });
        socket.send(message);
        await socket.closed;
      }
    }
    const leaving = await openSocket(v1());
    leaving.close(1001, 'marked');
    await leaving.closed;
    expectNothing();
  });

  test('of chips that are handed over', async () => {
    await runV2({ url: v2(), chip: specimen.insert() });
    await runV2({
      url: v2(),
      chip: specimen.insert(),
      start: { validationId: 'marked' },
      finish: { marked: 'marked' },
    });
    await runV2({
      url: v2(),
      chip: specimen.insert(),
      tamper: (name, bytes) => name === 'sod' ? new TextEncoder().encode('marked') : bytes,
    });
    await runV2({
      url: v2(),
      chip: specimen.insert(),
      finish: { activeAuthenticationSignature: btoa('marked') },
    });
    const { dg14 } = await filesOf(specimen);
    const socket = await openSocket(v2(), {
      onText: ({ type }, open) => {
        if (type === 'CA_HANDBACK') open.send('{"type":"FINISH","sendResult":true}');
      },
    });
    socket.send(JSON.stringify({
      type: 'START',
      validationId: 'marked',
      clientId: CLIENT_ID,
      platform: 'marked',
      nfcAdapterSupportsExtendedLength: true,
      enableDiagnostics: false,
    }));
    socket.send(new Uint8Array([1, 4, ...new TextEncoder().encode('dg14'), ...dg14]));
    socket.send(JSON.stringify({ type: 'MONITORING', message: 'marked' }));
    socket.send(
      '{"type":"CA_HANDOVER","maxTransceiveLengthForSecureMessaging":256,"maxBlockSize":224,' +
        `"secureMessagingInfo":{"algorithm":"AES","encKey":"${SESSION_KEY}","macKey":"${SESSION_KEY}","ssc":1}}`,
    );
    socket.send(new TextEncoder().encode('\u0002marked'));
    await socket.closed;
    expectNothing();
  });

  test('of files that are judged, or are none', async () => {
    const files = await filesOf(specimen);
    const parts = Object.entries(files).map((
      [name, bytes],
    ) => [name, new Blob([bytes as Uint8Array<ArrayBuffer>])]);
    const whole = { client_id: CLIENT_ID, validation_id: 'marked', ...Object.fromEntries(parts) };
    for (
      const changes of [{}, { dg1: new Blob(['marked']) }, { sod: new Blob(['marked']) }, {
        dg2: 'marked',
      }]
    ) {
      const body = form({ ...whole, ...changes });
      await fetch(new URL('/v4/validate', running.server.url), { method: 'POST', body });
    }
    expectNothing();
  });

  test('after every kind of session', async () => {
    const metrics = await scrape(running.server.url);
    const outcomes = [...metrics].filter(([series, value]) =>
      series.startsWith('gatehouse_docval_sessions_total') && value > 0
    ).map(([series]) => /protocol="(v\d)",outcome="(\w+)"/.exec(series)?.slice(1).join(' '));
    expect(outcomes).toEqual(expect.arrayContaining([
      'v1 DONE',
      'v1 CLIENT_CLOSED',
      'v1 INVALID_START_MESSAGE',
      'v1 INVALID_CLIENT_ID',
      'v1 INVALID_ACCESS_KEY_VALUES',
      'v1 PROTOCOL_ERROR',
      'v1 ACCESS_CONTROL_FAILED',
      'v1 POST_TO_RESULT_SERVER_FAILED',
      'v2 DONE',
      'v2 PROTOCOL_ERROR',
    ]));
    expect([...metrics.keys()].filter((series) => series.includes('"other"'))).toEqual([]);
    expect(running.lines.some(({ level }) => level === 'error')).toBe(true);
  });
});
