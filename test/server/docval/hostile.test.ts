/** Clients and chips that mean harm: each ends with a typed close or a verdict, and no other session notices. */
import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { LineFault } from '../../../emrtd/chip/mod.ts';
import { ERIKSSON } from '../../emrtd/chip/support.ts';
import { MRZ_KEY, openSocket, passportOf, relay, startMessage } from './support/client.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';
import { CLIENT_ID, type DocvalServer, startDocval } from './support/server.ts';

const plain = makeSpecimen(PROFILES.BAC);
const modern = makeSpecimen(PROFILES['PACE-GM and CA']);
const servers: DocvalServer[] = [];

function serve(limits: Parameters<typeof startDocval>[0]['limits'] = {}): DocvalServer {
  const server = startDocval({ trust: modern.trust, limits });
  servers.push(server);
  return server;
}

const usual = serve({ startTimeoutMs: 400, responseTimeoutMs: 600, maxConnections: 40 });
const foreign = startDocval({ trust: plain.trust });
servers.push(foreign);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

/** After each of them the server still verifies an honest document. */
afterEach(async () => {
  const passport = passportOf(await relay(usual.v1, modern.insert()));
  expect(passport).toMatchObject({
    passive_authentication: true,
    chip_authentication_result: 'SUCCESS',
  });
});

test('a frame of 64 MB is cut off by the transport', async () => {
  const socket = await openSocket(usual.v1);
  socket.send(new Uint8Array(64 * 2 ** 20));
  const { code, texts } = await socket.closed;
  expect([1006, 1009]).toContain(code);
  expect(texts).toEqual([]);
});

test('a start message that drips byte by byte runs out of time', async () => {
  const { hostname, port } = new URL(usual.origin);
  const socket = connect(Number(port), hostname);
  const received: Uint8Array[] = [];
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.on('data', (data: Uint8Array) => received.push(data));
  socket.on('error', () => {});
  socket.write(
    'GET /ws1/validate HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  );
  // a masked text frame of 125 bytes, never finished
  for (const byte of [0x81, 0xfd, 1, 2, 3, 4, ...new Array(60).fill(0x20)]) {
    if (socket.destroyed) break;
    socket.write(Uint8Array.of(byte));
    await Bun.sleep(10);
  }
  socket.end();
  await ended;
  const text = Buffer.concat(received).toString('latin1');
  expect(text).toContain('"close_reason":"TIMEOUT_WHILE_WAITING_FOR_START_MESSAGE"');
});

test('more sockets than the limit are refused, and places come back', async () => {
  const sockets = await Promise.allSettled(Array.from({ length: 60 }, () => openSocket(usual.v1)));
  const open = sockets.flatMap((socket) => socket.status === 'fulfilled' ? [socket.value] : []);
  expect(open.length).toBe(40);
  for (const socket of open) socket.close();
  await Promise.all(open.map(({ closed }) => closed));
  await Bun.sleep(30);
});

test('a storm of connections that come and go leaves nothing behind', async () => {
  for (let wave = 0; wave < 10; wave++) {
    const sockets = await Promise.all(Array.from({ length: 30 }, () => openSocket(usual.v1)));
    for (const [index, socket] of sockets.entries()) {
      if (index % 2 === 0) socket.send(startMessage());
      socket.close();
    }
    await Promise.all(sockets.map(({ closed }) => closed));
    await Bun.sleep(5);
  }
});

test('answers of another session open nothing', async () => {
  const answers: Uint8Array[] = [];
  const chip = modern.insert();
  const recorder = {
    transceive: async (command: Uint8Array) => {
      const answer = await chip.transceive(command);
      answers.push(answer);
      return answer;
    },
  };
  await relay(usual.v1, recorder);
  const replay = {
    transceive: async () => answers.shift() ?? Uint8Array.of(0x6f, 0x00),
  };
  const transcript = await relay(usual.v1, replay);
  expect([transcript.code, transcript.reason]).toEqual([4403, 'ACCESS_CONTROL_FAILED']);
});

describe('a copy of a chip', () => {
  test('does not pass chip authentication', async () => {
    const chip = modern.insert({ faults: ['ca-cloned'] });
    expect(passportOf(await relay(usual.v1, chip))).toMatchObject({
      passive_authentication: true,
      chip_authentication_result: 'FAILED',
      errors: [expect.stringMatching(/^CHIP_AUTHENTICATION: /)],
    });
  });

  test('does not pass active authentication', async () => {
    const signing = makeSpecimen(PROFILES['BAC and AA']);
    const server = startDocval({ trust: signing.trust });
    servers.push(server);
    const chip = signing.insert({ faults: ['aa-cloned'] });
    expect(passportOf(await relay(server.v1, chip))).toMatchObject({
      active_authentication_result: 'FAILED',
    });
  });
});

test('a document that nobody vouches for is not authentic', async () => {
  const passport = passportOf(await relay(foreign.v1, modern.insert()));
  expect(passport).toMatchObject({
    passive_authentication: false,
    passive_authentication_details: {
      sod_signature_valid: true,
      document_certificate_valid: false,
      all_hashes_valid: true,
      error: expect.stringMatching(/^DOCUMENT_CERTIFICATE: /),
    },
  });
  expect(passport?.passive_authentication_details).not.toHaveProperty('trust_anchor');
});

describe('a chip with the fault', () => {
  const endings: [LineFault, string][] = [
    ['hang', 'TIMEOUT_WHILE_WAITING_FOR_RESPONSE'],
    ['empty-answer', 'NFC_CHIP_COMMUNICATION_FAILED'],
    ['endless-61', 'FILE_READ_ERROR'],
  ];
  for (const [fault, reason] of endings) {
    test(`${fault} ends the session`, async () => {
      const chip = plain.insert({ faults: [fault], faultAfter: 14 });
      expect((await relay(usual.v1, chip)).reason).toBe(reason);
    });
  }

  const reported: LineFault[] = ['file-4gib', 'file-truncated', 'endless-6c', 'sm-wrong-mac'];
  for (const fault of reported) {
    test(`${fault} has an error to show for it`, async () => {
      const chip = plain.insert({ faults: [fault], faultAfter: 6 });
      const transcript = await relay(foreign.v1, chip);
      const errors = passportOf(transcript)?.errors;
      if (errors === undefined) expect(transcript.reason).toBe('FILE_READ_ERROR');
      else expect((errors as string[]).join()).toMatch(/FILE_UNREADABLE: |FILE_ABSENT: /);
    });
  }
});

test('sessions side by side have each their own document', async () => {
  const documents = ['AAAA00001', 'BBBB00002', 'CCCC00003', 'DDDD00004'].map((documentNumber) =>
    makeSpecimen({ holder: { ...ERIKSSON, documentNumber } })
  );
  const runs = Array.from({ length: 32 }, (_, i) => {
    const { description, insert } = documents[i % documents.length];
    const { documentNumber } = description.holder;
    const access_key = { ...MRZ_KEY, document_number: documentNumber };
    const chip = insert({ faults: ['slow'], delayMs: 1 });
    return relay(usual.v1, chip, startMessage({ access_key })).then((transcript) => {
      const passport = passportOf(transcript) as { mrz_info: { document_number: string } };
      expect(passport.mrz_info.document_number).toBe(documentNumber);
    });
  });
  await Promise.all(runs);
});

test('a request that is no WebSocket is told so', async () => {
  const response = await fetch(`${usual.origin}/ws1/validate`);
  expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-security-policy')).toStartWith("default-src 'none'");
});

test('no log line of any session has a key, an id or the holder in it', () => {
  const log = servers.flatMap((server) => server.log).join('');
  expect(log).toContain('"event":"docval-session"');
  const secrets = [
    CLIENT_ID,
    'cf847daa-a548-4509-bdeb-4edd51aee448',
    ...Object.values(MRZ_KEY),
    'ERIKSSON',
    'ANNA',
    'AAAA00001',
  ];
  for (const secret of secrets) expect(log).not.toContain(secret);
});
