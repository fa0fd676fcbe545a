/** The JavaScript client of DocVal: its side of the protocol against a scripted socket, and the real server. */
import { afterAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocvalClientError, validateDocument } from '../../../server/web/docval-client/client.ts';
import type {
  DocvalSocket,
  ValidateOptions,
  ValidateOutcome,
} from '../../../server/web/docval-client/docval-client.d.ts';
import { homePages } from '../../../server/web/mod.ts';
import { ERIKSSON } from '../../emrtd/chip/support.ts';
import { makeSpecimen, PROFILES } from '../docval/support/documents.ts';
import { CLIENT_ID, startDocval } from '../docval/support/server.ts';

/** A socket whose other end is the test. */
class FakeSocket {
  binaryType: BinaryType = 'blob';
  readyState = 0;
  readonly sent: unknown[] = [];
  readonly closes: [number | undefined, string | undefined][] = [];
  onopen: DocvalSocket['onopen'] = null;
  onmessage: DocvalSocket['onmessage'] = null;
  onerror: DocvalSocket['onerror'] = null;
  onclose: DocvalSocket['onclose'] = null;
  /** As in browsers: scripts may not close with 1001. */
  readonly strict: boolean;

  constructor(strict = false) {
    this.strict = strict;
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(code?: number, reason?: string): void {
    if (this.strict && code !== 1000 && !(code !== undefined && code >= 3000)) {
      throw new DOMException('code', 'InvalidAccessError');
    }
    this.closes.push([code, reason]);
    this.readyState = 2;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.call(this as never, new Event('open') as never);
  }

  text(value: unknown): void {
    const data = typeof value === 'string' ? value : JSON.stringify(value);
    this.onmessage?.call(this as never, { data } as never);
  }

  command(...bytes: number[]): void {
    this.onmessage?.call(this as never, { data: Uint8Array.from(bytes).buffer } as never);
  }

  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose?.call(this as never, { code, reason } as never);
  }
}

interface Running {
  readonly socket: FakeSocket;
  readonly urls: string[];
  readonly outcome: Promise<ValidateOutcome>;
}

/** Starts a session on a scripted socket that has opened. */
function start(changes: Partial<ValidateOptions> = {}, strict = false): Running {
  const socket = new FakeSocket(strict);
  const urls: string[] = [];
  const outcome = validateDocument({
    url: 'wss://docval.example/ws1/validate',
    clientId: 'client-id',
    validationId: 'validation-id',
    accessKey: { can: '123456' },
    transceive: async () => Uint8Array.of(0x90, 0x00),
    extendedLength: true,
    openSocket: (url) => {
      urls.push(url);
      return socket as unknown as DocvalSocket;
    },
    ...changes,
  });
  outcome.catch(() => {});
  if (urls.length > 0) socket.open();
  return { socket, urls, outcome };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const codeOf = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'resolved',
    (error) => error instanceof DocvalClientError ? error.code : error,
  );

describe('the start', () => {
  test('asks for the result in the address and says who, what and how', async () => {
    const { socket, urls } = start({
      url: 'wss://docval.example/ws1/validate?tenant=a',
      returnResult: true,
      maxCommandBytes: 1024,
      maxResponseBytes: 2048,
      platform: 'pcsc',
    });
    await turn();
    expect(urls).toEqual(['wss://docval.example/ws1/validate?tenant=a&return_result=true']);
    expect(socket.binaryType).toBe('arraybuffer');
    expect(socket.sent.map((text) => JSON.parse(text as string))).toEqual([{
      client_id: 'client-id',
      validation_id: 'validation-id',
      access_key: { can: '123456' },
      nfc_adapter_supports_extended_length: true,
      max_command_bytes: 1024,
      max_response_bytes: 2048,
      platform: 'pcsc',
    }]);
  });

  test('sends the fields of the zone under their names on the wire, and leaves out what is not known', () => {
    const { socket, urls } = start({
      accessKey: { documentNumber: 'L898902C3', dateOfBirth: '740812', dateOfExpiry: '320415' },
    });
    expect(urls).toEqual(['wss://docval.example/ws1/validate']);
    expect(JSON.parse(socket.sent[0] as string)).toEqual({
      client_id: 'client-id',
      validation_id: 'validation-id',
      access_key: {
        document_number: 'L898902C3',
        date_of_birth: '740812',
        date_of_expiry: '320415',
      },
      nfc_adapter_supports_extended_length: true,
      platform: 'web',
    });
  });

  test.each<[string, object, string]>([
    ['no URL', { url: 'docval' }, 'url is no URL'],
    ['another protocol', { url: 'https://x/' }, 'url does not begin with ws: or wss:'],
    ['no client', { clientId: '' }, 'clientId is no text'],
    ['no validation', { validationId: undefined }, 'validationId is no text'],
    ['no key', { accessKey: {} }, 'accessKey has neither can nor'],
    ['half a key', { accessKey: { documentNumber: 'A1234567' } }, 'accessKey has neither can nor'],
    ['no key at all', { accessKey: null }, 'accessKey has neither can nor'],
    ['no chip', { transceive: undefined }, 'transceive is no function'],
    ['no word on length', { extendedLength: 1 }, 'extendedLength is no boolean'],
    ['a length of 0', { maxCommandBytes: 0 }, 'maxCommandBytes is no whole number above 0'],
  ])('refuses %s before a socket is opened', async (_, changes, message) => {
    const { urls, outcome } = start(changes as Partial<ValidateOptions>);
    expect(await codeOf(outcome)).toBe('INVALID_OPTIONS');
    await expect(outcome).rejects.toThrow(message);
    expect(urls).toEqual([]);
  });
});

describe('a session', () => {
  test('relays commands, tells the steps in order and gives the result of the close message', async () => {
    const told: string[] = [];
    const { socket, outcome } = start({
      transceive: async (command) => Uint8Array.of(...command, 0x90, 0x00),
      onStatus: (status) => told.push(status),
    });
    socket.text({ status: 'ACCESS_CONTROL' });
    socket.command(1, 2);
    await turn();
    socket.text({ status: 'READ_SOD' });
    socket.command(3);
    await turn();
    expect(socket.sent.slice(1)).toEqual([
      Uint8Array.of(1, 2, 0x90, 0),
      Uint8Array.of(3, 0x90, 0),
    ]);
    socket.text({ status: 'DONE' });
    socket.text({ emrtd_passport: { errors: [] }, signed_result: 'a.b.c' });
    socket.text({ close_code: 1000 });
    socket.end(1000);
    expect(await outcome).toEqual({
      closeCode: 1000,
      closeReason: '',
      passport: { errors: [] } as never,
      signedResult: 'a.b.c',
    });
    expect(told).toEqual(['ACCESS_CONTROL', 'READ_SOD', 'DONE']);
  });

  test('believes the close message before a frame that was lost on the way', async () => {
    const { socket, outcome } = start();
    socket.text({ close_code: 1011, close_reason: 'POST_TO_RESULT_SERVER_FAILED' });
    socket.end(1006);
    expect(await outcome).toMatchObject({
      closeCode: 1011,
      closeReason: 'POST_TO_RESULT_SERVER_FAILED',
    });
  });

  test('ends without any frame, a moment after the close message', async () => {
    const { socket, outcome } = start();
    socket.text({ close_code: 4403, close_reason: 'ACCESS_CONTROL_FAILED' });
    expect(await outcome).toMatchObject({ closeReason: 'ACCESS_CONTROL_FAILED', passport: null });
    expect(socket.closes.length).toBe(1);
  });

  test('takes the frame where there was no close message', async () => {
    const { socket, outcome } = start();
    socket.end(4401, 'INVALID_CLIENT_ID');
    expect(await outcome).toMatchObject({ closeCode: 4401, closeReason: 'INVALID_CLIENT_ID' });
  });

  test('says nothing after the close message, also when the chip answers late', async () => {
    const chip = Promise.withResolvers<Uint8Array>();
    const { socket, outcome } = start({ transceive: () => chip.promise });
    socket.command(1);
    socket.text({ close_code: 1001, close_reason: 'TIMEOUT_WHILE_WAITING_FOR_RESPONSE' });
    chip.resolve(Uint8Array.of(0x90, 0x00));
    await turn();
    expect(socket.sent.length).toBe(1);
    socket.end(1001);
    expect(await outcome).toMatchObject({ closeReason: 'TIMEOUT_WHILE_WAITING_FOR_RESPONSE' });
  });

  test('leaves aside what it does not know', async () => {
    const told: unknown[] = [];
    const { socket, outcome } = start({ onStatus: (status) => told.push(status) });
    for (
      const text of ['not JSON', '', 'null', '[]', '7', '{"future":{"deep":[1]}}', '{"status":7}']
        .concat(
          '{"close_code":"1000"}',
          '{"__proto__":{"status":"X"}}',
          '{"signed_result":{}}',
          '{"emrtd_passport":"x"}',
        )
    ) socket.text(text);
    socket.text({ status: 'A_STEP_OF_TOMORROW', more: true });
    socket.text({ close_code: 1000 });
    socket.end(1000);
    expect(await outcome).toMatchObject({ closeCode: 1000, passport: null, signedResult: null });
    expect(told).toEqual(['A_STEP_OF_TOMORROW']);
  });

  test('stays open and silent whatever text comes, short of a close code', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.oneof(fc.string(), fc.json())),
      async (texts) => {
        const { socket, outcome } = start();
        for (const text of texts) {
          if (!/close_code/.test(text)) socket.text(text);
        }
        expect(socket.sent.length).toBe(1);
        expect(socket.closes).toEqual([]);
        socket.end(1000);
        expect((await outcome).closeCode).toBe(1000);
      },
    ));
  });
});

describe('the end from this side', () => {
  test('cancelling closes with CANCELLED_BY_USER and tells the chip', async () => {
    const controller = new AbortController();
    let chipSignal: AbortSignal | undefined;
    const { socket, outcome } = start({
      signal: controller.signal,
      transceive: (_, signal) => {
        chipSignal = signal;
        return new Promise(() => {});
      },
    });
    socket.command(1);
    expect(chipSignal?.aborted).toBe(false);
    controller.abort();
    expect(await outcome).toEqual({
      closeCode: 1001,
      closeReason: 'CANCELLED_BY_USER',
      passport: null,
      signedResult: null,
    });
    expect(chipSignal?.aborted).toBe(true);
    expect(socket.closes).toEqual([[1001, 'CANCELLED_BY_USER']]);
  });

  test('in a browser, which refuses 1001, the same reason goes with 4001', async () => {
    const controller = new AbortController();
    const { socket, outcome } = start({ signal: controller.signal }, true);
    controller.abort();
    expect(await outcome).toMatchObject({ closeCode: 1001, closeReason: 'CANCELLED_BY_USER' });
    expect(socket.closes).toEqual([[4001, 'CANCELLED_BY_USER']]);
  });

  test('cancelled before the start, it opens nothing', async () => {
    const { urls, outcome } = start({ signal: AbortSignal.abort() });
    expect(await outcome).toMatchObject({ closeReason: 'CANCELLED_BY_USER' });
    expect(urls).toEqual([]);
  });

  test('cancelling after the close message changes nothing', async () => {
    const controller = new AbortController();
    const { socket, outcome } = start({ signal: controller.signal });
    socket.text({ close_code: 1000 });
    controller.abort();
    socket.end(1000);
    expect((await outcome).closeCode).toBe(1000);
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    ['fails', () => Promise.reject(new Error('tag lost'))],
    ['throws at once', () => {
      throw new Error('tag lost');
    }],
    ['gives no bytes', () => Promise.resolve('9000' as never)],
  ])('a chip that %s ends it with NFC_CHIP_COMMUNICATION_FAILED', async (_, transceive) => {
    const { socket, outcome } = start({ transceive });
    socket.command(1);
    const { closeCode, closeReason, cause } = await outcome;
    expect([closeCode, closeReason]).toEqual([1001, 'NFC_CHIP_COMMUNICATION_FAILED']);
    expect((cause as Error).message).toMatch(/tag lost|no Uint8Array/);
    expect(socket.closes).toEqual([[1001, 'NFC_CHIP_COMMUNICATION_FAILED']]);
    expect(socket.sent.length).toBe(1);
  });

  test('what onStatus throws comes out', async () => {
    const { socket, outcome } = start({
      onStatus: () => {
        throw new RangeError('mine');
      },
    });
    socket.text({ status: 'READ_SOD' });
    await expect(outcome).rejects.toThrow(RangeError);
    expect(socket.closes.length).toBe(1);
  });
});

describe('errors', () => {
  test('a socket that does not open', async () => {
    const socket = new FakeSocket();
    const { outcome } = start({ openSocket: () => socket as unknown as DocvalSocket });
    await turn();
    socket.end(1006);
    expect(await codeOf(outcome)).toBe('CONNECTION_FAILED');
  });

  test('a socket that cannot be made', async () => {
    const { outcome } = start({
      openSocket: () => {
        throw new DOMException('mixed content', 'SecurityError');
      },
    });
    expect(await codeOf(outcome)).toBe('CONNECTION_FAILED');
  });

  test('a connection that breaks', async () => {
    const { socket, outcome } = start();
    socket.end(1006);
    expect(await codeOf(outcome)).toBe('CONNECTION_LOST');
  });

  test('a second command before the answer to the first', async () => {
    let calls = 0;
    const { socket, outcome } = start({
      transceive: () => {
        calls++;
        return new Promise(() => {});
      },
    });
    socket.command(1);
    socket.command(2);
    expect(await codeOf(outcome)).toBe('PROTOCOL_ERROR');
    expect([calls, socket.closes]).toEqual([1, [[1008, 'PROTOCOL_ERROR']]]);
  });
});

describe('with the real server', () => {
  const specimen = makeSpecimen(PROFILES['PACE-GM and CA']);
  const server = startDocval({ trust: specimen.trust });
  afterAll(() => server.stop());
  const url = server.v1.split('?')[0];
  const { documentNumber, dateOfBirth, dateOfExpiry } = ERIKSSON;
  const options = (): ValidateOptions => {
    const chip = specimen.insert();
    return {
      url,
      clientId: CLIENT_ID,
      validationId: 'v',
      accessKey: { documentNumber, dateOfBirth, dateOfExpiry },
      transceive: (command, signal) => chip.transceive(command, signal),
      extendedLength: false,
      returnResult: true,
    };
  };

  test('a document is verified', async () => {
    const told: string[] = [];
    const outcome = await validateDocument({
      ...options(),
      onStatus: (status) => told.push(status),
    });
    expect([outcome.closeCode, outcome.closeReason]).toEqual([1000, '']);
    expect(outcome.passport).toMatchObject({
      passive_authentication: true,
      chip_authentication_result: 'SUCCESS',
      errors: [],
    });
    expect(told[0]).toBe('ACCESS_CONTROL');
    expect(told.at(-1)).toBe('DONE');
  });

  test('no result where none is asked for', async () => {
    const { closeCode, passport } = await validateDocument({ ...options(), returnResult: false });
    expect([closeCode, passport]).toEqual([1000, null]);
  });

  test('the reasons of the server come through', async () => {
    const wrong = await validateDocument({ ...options(), clientId: 'somebody-else' });
    expect([wrong.closeCode, wrong.closeReason]).toEqual([4401, 'INVALID_CLIENT_ID']);
    const closed = await validateDocument({ ...options(), accessKey: { can: '000000' } });
    expect([closed.closeCode, closed.closeReason]).toEqual([4403, 'ACCESS_CONTROL_FAILED']);
    const key = await validateDocument({ ...options(), accessKey: { can: '12' } });
    expect([key.closeCode, key.closeReason]).toEqual([1008, 'INVALID_ACCESS_KEY_VALUES']);
  });

  test('the server hears why a session was left', async () => {
    const controller = new AbortController();
    const before = server.sessions().length;
    await validateDocument({
      ...options(),
      signal: controller.signal,
      transceive: async () => {
        controller.abort();
        return await new Promise(() => {});
      },
    });
    await validateDocument({ ...options(), transceive: () => Promise.reject(new Error('gone')) });
    while (server.sessions().length < before + 2) await turn();
    expect(
      server.sessions().slice(before).map(({ outcome, client_reason }) => [
        outcome,
        client_reason,
      ]),
    ).toEqual([
      ['CLIENT_CLOSED', 'CANCELLED_BY_USER'],
      ['CLIENT_CLOSED', 'NFC_CHIP_COMMUNICATION_FAILED'],
    ]);
  });

  test('the example of the documentation verifies a document', async () => {
    const page = await Bun.file(`${import.meta.dir}/../../../docs/docval.md`).text();
    const [, example] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
    const support = JSON.stringify(`${import.meta.dir}/../docval/support/documents.ts`);
    const folder = await mkdtemp(join(tmpdir(), 'sdk-'));
    await Bun.write(
      join(folder, 'docval-client.js'),
      await homePages(new Request('http://x/sdk/docval-client.js'))?.text() as string,
    );
    await Bun.write(
      join(folder, 'bridge.ts'),
      `import { makeSpecimen, PROFILES } from ${support};
const chip = makeSpecimen(PROFILES['PACE-GM and CA']).insert();
const reader = { transmit: (command) => chip.transceive(command) };
${example.replace('wss://docval.example/ws1/validate', url)}`,
    );
    const child = Bun.spawn([process.execPath, join(folder, 'bridge.ts')], {
      env: { ...process.env, DOCVAL_CLIENT_ID: CLIENT_ID },
      stdout: 'pipe',
    });
    const told = (await new Response(child.stdout).text()).trim().split('\n');
    expect([told[0], told.at(-2), told.at(-1)]).toEqual(['ACCESS_CONTROL', 'DONE', '1000  true']);
    await rm(folder, { recursive: true });
  });

  test('nobody there', async () => {
    expect(await codeOf(validateDocument({ ...options(), url: 'ws://127.0.0.1:1/' })))
      .toBe('CONNECTION_FAILED');
  });
});

describe('the module as it is served', () => {
  const served = async (path: string) => await homePages(new Request(`http://x${path}`))?.text();

  test('runs alone in Node and imports nothing', async () => {
    const script = await served('/sdk/docval-client.js') ?? '';
    expect(new Bun.Transpiler({ loader: 'js' }).scan(script)).toEqual({
      exports: ['DocvalClientError', 'validateDocument'],
      imports: [],
    });
    const folder = await mkdtemp(join(tmpdir(), 'sdk-'));
    await Bun.write(join(folder, 'docval-client.mjs'), script);
    await Bun.write(
      join(folder, 'main.mjs'),
      `import { validateDocument } from './docval-client.mjs';
validateDocument({ url: 'x' }).catch(({ name, code }) => console.log(name, code));`,
    );
    const node = Bun.spawn(['node', join(folder, 'main.mjs')], { stdout: 'pipe' });
    expect(await new Response(node.stdout).text()).toBe('DocvalClientError INVALID_OPTIONS\n');
    await rm(folder, { recursive: true });
  });

  test('has types that a strict compiler takes, and that refuse a wrong call', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sdk-'));
    await Bun.write(
      join(folder, 'docval-client.d.ts'),
      await served('/sdk/docval-client.d.ts') as string,
    );
    const program = (key: string) =>
      `import { DocvalClientError, validateDocument, type EmrtdPassport } from './docval-client.js';
const { passport, closeCode } = await validateDocument({
  url: 'wss://x/', clientId: 'c', validationId: 'v', accessKey: ${key}, extendedLength: true,
  transceive: async (command: Uint8Array) => command,
});
export const result: EmrtdPassport | null = passport, code: number = closeCode;
export const isOurs = (error: unknown) => error instanceof DocvalClientError && error.code === 'CONNECTION_LOST';
`;
    await Bun.write(join(folder, 'good.ts'), program(`{ can: '123456' }`));
    await Bun.write(join(folder, 'bad.ts'), program(`{ kan: '123456' }`));
    const tsc = async (file: string) => {
      const child = Bun.spawn([
        `${import.meta.dir}/../../../node_modules/.bin/tsc`,
        ...['--noEmit', '--strict', '--target', 'es2022', '--module', 'es2022'],
        ...['--moduleResolution', 'bundler', '--lib', 'es2022,dom', '--types', '', file],
      ], { cwd: folder, stdout: 'pipe' });
      return await new Response(child.stdout).text();
    };
    expect(await tsc('good.ts')).toBe('');
    expect(await tsc('bad.ts')).toContain('kan');
    await rm(folder, { recursive: true });
  }, 30_000);
});
