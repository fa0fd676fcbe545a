/** The TCP line of the software chip: sessions, order, bad lines, and reading a document over it. */
import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChipServer, connectChip, serveChip } from '../../cli/chip/line.ts';
import { runCommandLine } from '../../cli/mod.ts';
import {
  type LineFault,
  personalise,
  type Personalised,
  seededRandom,
  SoftwareChip,
} from '../../emrtd/chip/mod.ts';
import { toHex } from '../../emrtd/crypto/mod.ts';
import { CHECKED_AT, specimen } from '../emrtd/chip/support.ts';

const open: { stop(): void }[] = [];
afterEach(() => open.splice(0).forEach((one) => one.stop()));

const DOCUMENT: Personalised = personalise(specimen({
  pace: [{ mapping: 'CAM', parameterId: 12, cipher: 'AES-128' }],
  can: '482913',
  activeAuthentication: { kind: 'ecdsa', curve: 'P-256', hash: 'SHA-256' },
  extendedLength: 1024,
}));

function serve(faults: LineFault[] = []): ChipServer {
  let session = 0;
  const server = serveChip(
    () =>
      new SoftwareChip(DOCUMENT.document, { random: seededRandom(`line ${session++}`), faults }),
    { host: '127.0.0.1', port: 0 },
  );
  open.push(server);
  return server;
}

async function connect({ host, port }: ChipServer) {
  const line = await connectChip(host, port);
  open.push({ stop: () => line.close() });
  const send = async (hex: string) => toHex(await line.transceive(Uint8Array.fromHex(hex)));
  return { line, send };
}

/** Runs a command line and gives what it wrote. */
async function gatehouse(...args: string[]) {
  const written = { out: '', err: '' };
  const code = await runCommandLine(args, {
    stdout: (text) => written.out += text,
    stderr: (text) => written.err += text,
  });
  return { code, ...written };
}

async function trustFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-chip-'));
  await Bun.write(join(folder, 'csca.cer'), DOCUMENT.csca);
  await Bun.write(join(folder, 'ds.crl'), DOCUMENT.crl);
  open.push({ stop: () => void rm(folder, { recursive: true }) });
  return folder;
}

describe('chip on a TCP line', () => {
  test('answers in order; a connection is a session of its own', async () => {
    const server = serve();
    const [first, second] = [await connect(server), await connect(server)];
    const answers = await Promise.all([
      first.send('00A4040C07A0000002471001'),
      first.send('0084000008'),
      first.send('00B09C0000'),
    ]);
    expect(answers[0]).toBe('9000');
    expect(answers[1].length).toBe(20);
    expect(answers[2]).toBe('6982');
    expect(await second.send('00B09C0000')).toMatch(/^31.*9000$/);
  });

  test('commands in pieces and with spaces around them', async () => {
    const { host, port } = serve();
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = await Bun.connect({
      hostname: host,
      port,
      socket: { data: (_, chunk) => resolve(new TextDecoder().decode(chunk)) },
    });
    socket.write('  00a4');
    await Bun.sleep(5);
    socket.write('000c023f00\r\n\n');
    expect(await promise).toBe('9000\n');
    socket.end();
  });

  test('a line that is not hexadecimal, or too long, ends the connection', async () => {
    for (const bad of ['hello\n', '00A\n', '0'.repeat(200_000)]) {
      const { host, port } = serve();
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const socket = await Bun.connect({
        hostname: host,
        port,
        socket: { data: () => {}, close: () => resolve(true) },
      });
      socket.write(bad);
      expect(await promise).toBe(true);
    }
  });

  test('long answers arrive whole', async () => {
    const chunk = new Uint8Array(65_000).fill(0xab);
    const server = serveChip(
      () => ({ transceive: () => Promise.resolve(chunk) }),
      { host: '127.0.0.1', port: 0 },
    );
    open.push(server);
    const { line } = await connect(server);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => line.transceive(Uint8Array.of(0))),
    );
    expect(answers.every((answer) => answer.length === 65_000)).toBe(true);
  });

  test('nobody listening, and a line that closes', async () => {
    const server = serve();
    server.stop();
    await expect(connectChip(server.host, server.port)).rejects.toThrow('nobody answers');
    const other = serve(['hang']);
    const { line } = await connect(other);
    const answer = line.transceive(new Uint8Array(4));
    other.stop();
    await expect(answer).rejects.toThrow('closed the line');
    await expect(line.transceive(new Uint8Array(4))).rejects.toThrow('closed the line');
  });
});

describe('gatehouse emrtd read', () => {
  const at = CHECKED_AT.toISOString().slice(0, 10);
  const common = (server: ChipServer, trust: string) => [
    'emrtd',
    'read',
    '--chip',
    `tcp:${server.host}:${server.port}`,
    '--trust',
    trust,
    '--at',
    at,
  ];

  test('with the MRZ, as text', async () => {
    const { code, out, err } = await gatehouse(
      ...common(serve(), await trustFolder()),
      '--mrz',
      'L898902C3,740812,320415',
    );
    expect(err).toContain('ACCESS_CONTROL');
    expect(out).toMatch(/^document +authentic\n/);
    expect(out).toMatch(/access +PACE CAM, P-256, AES-128/);
    expect(out).toMatch(/chip authentication mapping +success/);
    expect(out).toMatch(/name +ERIKSSON, ANNA MARIA/);
    expect(code).toBe(0);
  });

  test('with the CAN, as JSON with the image', async () => {
    const { code, out } = await gatehouse(
      ...common(serve(), await trustFolder()),
      '--can',
      '482913',
      '--json',
    );
    const result = JSON.parse(out);
    expect(result).toMatchObject({
      authentic: true,
      complete: true,
      access: { protocol: 'PACE', mapping: 'CAM', cipher: 'AES-128', domain: 'P-256' },
      activeAuthentication: 'success',
      groups: { dg1: { documentNumber: 'L898902C3' } },
      findings: [],
    });
    expect(result.groups.dg2.images[0].bytes).toBe(specimen().photo.toBase64());
    expect(code).toBe(0);
  });

  test('a copy without keys is a negative answer', async () => {
    const { code, out } = await gatehouse(
      ...common(serve(['aa-cloned']), await trustFolder()),
      '--can',
      '482913',
    );
    expect(out).toMatch(/active authentication +failed/);
    expect(code).toBe(1);
  });

  test('without a trust anchor nothing is authentic', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-empty-'));
    open.push({ stop: () => void rm(folder, { recursive: true }) });
    const { host, port } = serve();
    const { code, out } = await gatehouse(
      ...['emrtd', 'read', '--chip', `tcp:${host}:${port}`, '--data', folder, '--at', at],
      ...['--can', '482913', '--short', '--skip-images', '--json'],
    );
    expect(JSON.parse(out)).toMatchObject({ authentic: false, complete: true });
    expect(JSON.parse(out).groups.dg2).toBeUndefined();
    expect(code).toBe(1);
  });

  test('a wrong CAN, a broken command line', async () => {
    const server = serve();
    const trust = await trustFolder();
    const wrong = await gatehouse(...common(server, trust), '--can', '000000');
    expect(wrong.code).toBe(3);
    expect(wrong.err).toContain('PACE 4');
    for (
      const args of [
        ['emrtd', 'read', '--can', '482913'],
        ['emrtd', 'read', '--chip', 'usb:1', '--can', '482913'],
        ['emrtd', 'read', '--chip', 'tcp:127.0.0.1:99999', '--can', '482913'],
        [...common(server, trust)],
        [...common(server, trust), '--can', '482913', '--mrz', 'A,B,C'],
        [...common(server, trust), '--mrz', 'A,B'],
        ['chip', 'serve', '--pace', 'XX,13,AES-128'],
        ['chip', 'serve', '--pace', 'GM,5,AES-128'],
        ['chip', 'serve', '--ca', '13'],
        ['chip', 'serve', '--aa', 'rsa,1000,SHA-256'],
        ['chip', 'serve', '--fault', 'unknown'],
        ['chip', 'serve', '--can', '12'],
        ['chip', 'serve', '--format', 'TD4'],
        ['chip'],
      ]
    ) {
      expect((await gatehouse(...args)).code).toBe(2);
    }
  });

  test('the faults are listed', async () => {
    const { out } = await gatehouse('chip', 'faults');
    expect(out).toMatch(/ca-cloned +a copy without the private key/);
    const json = JSON.parse((await gatehouse('chip', 'faults', '--json')).out);
    expect(json.data['wrong-csca']).toBeDefined();
  });
});
