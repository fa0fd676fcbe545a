/** Every close reason of the documented list, provoked through the real socket. */
import { afterAll, describe, expect, test } from 'bun:test';
import { createLogger } from '../../../server/core/logging.ts';
import { DEFAULT_LIMITS } from '../../../server/docval/mod.ts';
import { CLOSE_CODES, type CloseReason, DocvalError } from '../../../server/docval/errors.ts';
import { SocketSession } from '../../../server/docval/socket-session.ts';
import { closeTextV1 } from '../../../server/docval/v1-session.ts';
import { MRZ_KEY, openSocket, relay, startMessage, type Transcript } from './support/client.ts';
import { makeSpecimen, PROFILES } from './support/documents.ts';
import { DEVICE_CLIENT, type DocvalServer, startDocval } from './support/server.ts';

const plain = makeSpecimen(PROFILES.BAC);
const signing = makeSpecimen(PROFILES['BAC and AA']);
const servers: DocvalServer[] = [];
const provoked = new Set<string>();

function serve(options: Partial<Parameters<typeof startDocval>[0]> = {}): DocvalServer {
  const server = startDocval({ trust: plain.trust, ...options });
  servers.push(server);
  return server;
}

const usual = serve();

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

/** The close message, then the close frame, with the same code and reason; nothing of a passport. */
function expectClose(transcript: Transcript, reason: CloseReason): void {
  provoked.add(reason);
  const code = CLOSE_CODES[reason];
  expect(transcript.texts.at(-1)).toEqual({ close_code: code, close_reason: reason });
  expect([transcript.code, transcript.reason]).toEqual([code, reason]);
  expect(JSON.stringify(transcript.texts)).not.toContain('emrtd_passport');
}

/** Opens a socket, sends these messages and waits for the end. */
async function say(server: DocvalServer, ...messages: (string | Uint8Array)[]) {
  const socket = await openSocket(server.v1);
  for (const message of messages) socket.send(message);
  return await socket.closed;
}

describe('time', () => {
  test('no start message', async () => {
    const server = serve({ limits: { startTimeoutMs: 40 } });
    expectClose(await say(server), 'TIMEOUT_WHILE_WAITING_FOR_START_MESSAGE');
  });

  test('no answer of the chip', async () => {
    const server = serve({ limits: { responseTimeoutMs: 40 } });
    const transcript = await say(server, startMessage());
    expectClose(transcript, 'TIMEOUT_WHILE_WAITING_FOR_RESPONSE');
    expect(transcript.commands.length).toBe(1);
  });

  test('a session that takes too long', async () => {
    const server = serve({ limits: { sessionTimeoutMs: 80 } });
    const chip = plain.insert({ faults: ['slow'], delayMs: 15 });
    expectClose(await relay(server.v1, chip), 'MAX_SESSION_TIME_EXCEEDED');
  });
});

describe('start message', () => {
  const malformed: [string, string][] = [
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no client id', startMessage({ client_id: undefined })],
    ['an empty validation id', startMessage({ validation_id: '' })],
    ['no access key', startMessage({ access_key: undefined })],
    ['an empty access key', startMessage({ access_key: {} })],
    ['half an access key', startMessage({ access_key: { document_number: 'L898902C3' } })],
    ['two access keys', startMessage({ access_key: { ...MRZ_KEY, can: '123456' } })],
    ['a CAN that is a number', startMessage({ access_key: { can: 123456 } })],
    ['a flag that is a text', startMessage({ nfc_adapter_supports_extended_length: 'false' })],
    ['a length below zero', startMessage({ max_command_bytes: -1 })],
    ['no platform', startMessage({ platform: undefined })],
  ];
  for (const [name, message] of malformed) {
    test(`with ${name} is not valid`, async () => {
      expectClose(await say(usual, message), 'INVALID_START_MESSAGE');
    });
  }

  const keys: [string, object][] = [
    ['a CAN of five digits', { can: '12345' }],
    ['a CAN with a letter', { can: '12345a' }],
    ['a document number of seven characters', { ...MRZ_KEY, document_number: 'L898902' }],
    ['a document number with a sign', { ...MRZ_KEY, document_number: 'L898-902C' }],
    ['a date of birth that is no date', { ...MRZ_KEY, date_of_birth: '741312' }],
    ['a date of expiry with the century', { ...MRZ_KEY, date_of_expiry: '20320415' }],
    ['a CAN of a hundred digits', { can: '1'.repeat(100) }],
    ['a document number of a hundred characters', {
      ...MRZ_KEY,
      document_number: 'L'.repeat(100),
    }],
    ['a date of birth of a hundred digits', { ...MRZ_KEY, date_of_birth: '7'.repeat(100) }],
  ];
  for (const [name, access_key] of keys) {
    test(`with ${name} has no valid values`, async () => {
      expectClose(await say(usual, startMessage({ access_key })), 'INVALID_ACCESS_KEY_VALUES');
    });
  }

  test('the log names the field and not its value', async () => {
    const server = serve();
    await say(server, startMessage({ access_key: { ...MRZ_KEY, date_of_birth: '749999' } }));
    const [line] = server.sessions();
    expect(line.cause).toBe('access_key: date_of_birth is not yyMMdd');
    expect(server.log.join()).not.toContain('749999');
  });

  test.each(['test-client-0123456788', '', 'x'.repeat(300)])(
    'of an unknown client: %p',
    async (client_id) => {
      expectClose(await say(usual, startMessage({ client_id })), 'INVALID_CLIENT_ID');
    },
  );

  test('of anybody where no clients are configured', async () => {
    expectClose(await say(serve({ clients: [] }), startMessage()), 'INVALID_CLIENT_ID');
  });
});

describe('order and form of messages', () => {
  test('a second start message', async () => {
    expectClose(await say(usual, startMessage(), startMessage()), 'UNEXPECTED_MESSAGE');
  });

  test('an answer before the start message', async () => {
    expectClose(await say(usual, Uint8Array.of(0x90, 0x00)), 'UNEXPECTED_MESSAGE');
  });

  test('text in the place of an answer', async () => {
    const socket = await openSocket(usual.v1, { onCommand: (_, open) => open.send('9000') });
    socket.send(startMessage());
    expectClose(await socket.closed, 'UNEXPECTED_MESSAGE');
  });

  test('an answer without status word', async () => {
    const socket = await openSocket(usual.v1, {
      onCommand: (_, open) => open.send(new Uint8Array(1)),
    });
    socket.send(startMessage());
    expectClose(await socket.closed, 'NFC_CHIP_COMMUNICATION_FAILED');
  });

  test('an answer longer than any', async () => {
    const socket = await openSocket(usual.v1, {
      onCommand: (_, open) => open.send(new Uint8Array(65_539)),
    });
    socket.send(startMessage());
    expectClose(await socket.closed, 'PROTOCOL_ERROR');
  });

  test('a start message longer than any', async () => {
    const transcript = await say(usual, startMessage({ padding: 'x'.repeat(20_000) }));
    expectClose(transcript, 'PROTOCOL_ERROR');
  });
});

describe('chip', () => {
  test('that the access key does not open', async () => {
    const access_key = { ...MRZ_KEY, document_number: 'L898902C4' };
    const transcript = await relay(usual.v1, plain.insert(), startMessage({ access_key }));
    expectClose(transcript, 'ACCESS_CONTROL_FAILED');
  });

  test('that never comes to an end of a file', async () => {
    const chip = plain.insert({ faults: ['endless-61'], faultAfter: 12 });
    expectClose(await relay(usual.v1, chip), 'FILE_READ_ERROR');
  });

  test('that gives no file at all', async () => {
    const chip = plain.insert();
    const refusing = {
      transceive: async (command: Uint8Array) => {
        const protectedSelect = (command[0] & 0x0c) !== 0;
        return protectedSelect ? Uint8Array.of(0x6a, 0x82) : await chip.transceive(command);
      },
    };
    expectClose(await relay(usual.v1, refusing), 'FILE_READ_ERROR');
  });

  test('that goes mad while it signs', async () => {
    const chip = signing.insert();
    let mad = false;
    const socket = await openSocket(usual.v1, {
      onText: ({ status }) => {
        mad ||= status === 'ACTIVE_AUTHENTICATION';
      },
      onCommand: async (command, open) => {
        const answer = mad ? Uint8Array.of(0x61, 0x10) : await chip.transceive(command);
        if (open.transcript.code === 0) open.send(answer);
      },
    });
    socket.send(startMessage());
    expectClose(await socket.closed, 'EMRTD_PASSPORT_READER_ERROR');
  });
});

test('a fault of the server itself', async () => {
  const server = serve({ trust: undefined });
  expectClose(await relay(server.v1, plain.insert()), 'SERVER_ERROR');
  expect(server.sessions()).toMatchObject([{ level: 'error', cause: 'TypeError' }]);
});

test('more documents at one time than the server reads', async () => {
  const server = serve({ limits: { maxReadings: 1 } });
  const first = await openSocket(server.v1);
  first.send(startMessage());
  await Bun.sleep(20);
  expectClose(await say(server, startMessage()), 'SERVER_ERROR');
  first.close();
});

test('a result server that does not answer', async () => {
  const client = { ...DEVICE_CLIENT, result_server: { url: 'http://127.0.0.1:1/' } };
  const transcript = await relay(serve({ clients: [client] }).v1, plain.insert());
  expectClose(transcript, 'POST_TO_RESULT_SERVER_FAILED');
});

test('a client that does not take what it is sent', () => {
  provoked.add('COMMUNICATION_FAILED');
  const closed: unknown[] = [];
  const session = new SocketSession({
    wire: {
      send: () => 0,
      close: (...how) => closed.push(how),
      terminate: () => {},
    },
    log: createLogger('error', () => {}),
    limits: DEFAULT_LIMITS,
    protocol: 'v1',
    closeText: closeTextV1,
  });
  try {
    session.send('{}');
  } catch (error) {
    expect(error).toBeInstanceOf(DocvalError);
    session.fail(error);
  }
  expect(closed).toEqual([[1011, 'COMMUNICATION_FAILED']]);
  expect(session.over).toBe(true);
  session.closed(1011, '');
});

test('a user who cancels is noted with the reason of the client', async () => {
  const server = serve();
  const socket = await openSocket(server.v1);
  socket.send(startMessage());
  await Bun.sleep(20);
  socket.close(1001, 'CANCELLED_BY_USER');
  await socket.closed;
  await Bun.sleep(20);
  expect(server.sessions()).toMatchObject([
    { outcome: 'CLIENT_CLOSED', close_code: 1001, client_reason: 'CANCELLED_BY_USER' },
  ]);
  provoked.add('CANCELLED_BY_USER');
});

test('no reason of the list was left out', () => {
  expect([...provoked].toSorted()).toEqual(Object.keys(CLOSE_CODES).toSorted());
});
