/**
 * The TLS port, seen by OpenSSL and curl: which protocols and certificates it takes, that a new certificate is
 * used without dropping anybody, and that requests know whom they come from.
 */
import { afterAll, beforeAll, describe, expect, setSystemTime, test } from 'bun:test';
import { chmod, copyFile, readdir, readlink, rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { LiveMaterial, loadConfig, startServer } from '../../server/mod.ts';
import type { ConfigInput, RunningServer } from '../../server/mod.ts';
import { AccessFile } from '../../server/core/access/access-file.ts';
import { encryptKey } from '../../server/core/keys/encrypted-key.ts';
import { createLogger } from '../../server/core/logging.ts';
import { readTlsMaterial } from '../../server/core/tls/material.ts';
import { Certificates, HAS_OPENSSL } from './support/certificates.ts';
import { base64, type FakeFaces, fakeFaces, picture } from './support/fake-faces.ts';

const SELFIE = '/api/v1/matchWithSelfie';
const says = (what: string) => ({ template: base64(picture(what)), format: 'JPEG' });
const match = (what = 'face 0') =>
  JSON.stringify({ image: says(what), imageToVerifyAgainst: says('face 0'), level: 'HIGH' });

let pki: Certificates;

interface Site {
  readonly server: RunningServer;
  readonly port: number;
  readonly lines: Record<string, unknown>[];
  readonly material: LiveMaterial;
  readonly faces: FakeFaces;
}

async function start(
  settings: ConfigInput = {},
  files: Partial<Record<'cert' | 'key', string>> = {},
) {
  const cert = pki.file(files.cert ?? 'server.pem'), key = pki.file(files.key ?? 'server.key');
  const config = loadConfig({}, { port: 0, tlsCert: cert, tlsKey: key, ...settings });
  const lines: Record<string, unknown>[] = [];
  const faces = fakeFaces();
  const log = createLogger('info', (line) => lines.push(JSON.parse(line)));
  const material = await LiveMaterial.open({ cert, key, clientCa: config.tlsClientCa }, log);
  const server = startServer(config, {
    faces,
    log,
    tls: material,
    access: AccessFile.open(':memory:'),
  });
  return { server, port: Number(new URL(server.url).port), lines, material, faces } satisfies Site;
}

async function run(...command: string[]): Promise<{ code: number; text: string }> {
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, text: out + err };
}

const sClient = (port: number, ...options: string[]) =>
  run('openssl', 's_client', '-connect', `127.0.0.1:${port}`, ...options);
/** Ports of 127.0.0.1 that this process listens on. */
async function ownLoopbackPorts(): Promise<number[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`));
  const own = (await Promise.allSettled(links)).map((link) => String(Object(link).value));
  return (await Bun.file('/proc/self/net/tcp').text()).split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state, , , , , , inode]) =>
      local?.startsWith('0100007F:') && state === '0A' && own.includes(`socket:[${inode}]`)
    )
    .map(([, local]) => Number.parseInt(local.slice(9), 16));
}
const curl = ({ server }: Site, path: string, ...options: string[]) =>
  run(
    'curl',
    '-sS',
    '--cacert',
    pki.file('authority.pem'),
    ...options,
    new URL(path, server.url).href,
  );
const show = (
  name: string,
) => ['--cert', pki.file(`${name}.pem`), '--key', pki.file(`${name}.key`)];
const post = (body: string) => ['-H', 'Content-Type: application/json', '-d', body];

describe.skipIf(!HAS_OPENSSL || Bun.which('curl') === null)('TLS [needs openssl, curl]', () => {
  let site: Site;
  beforeAll(async () => {
    pki = await Certificates.make();
    await pki.add('authority', '/CN=authority');
    await pki.add('server', '/CN=gatehouse one', 'authority', ['basicConstraints=CA:false']);
    await pki.add('next', '/CN=gatehouse two', 'authority', ['basicConstraints=CA:false']);
    await pki.add('teller', '/O=Bank/CN=teller-7', 'authority', ['extendedKeyUsage=clientAuth']);
    await pki.add('wrong-use', '/CN=wrong use', 'authority', ['extendedKeyUsage=serverAuth']);
    await pki.add('stranger', '/CN=stranger');
    await pki.add('short', '/CN=short', 'authority', ['basicConstraints=CA:false'], 10);
    site = await start();
  });
  afterAll(async () => {
    await site.server.stop();
    await pki.remove();
  });

  test('answers over TLS, with the header that keeps browsers to it', async () => {
    expect(site.server.url).toStartWith('https://127.0.0.1:');
    const { text } = await curl(site, SELFIE, '-i', ...post(match()));
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toMatch(/^strict-transport-security: max-age=31536000; includeSubDomains\r$/im);
    expect(text).toContain('"feedbackCode":"FEEDBACK_MATCHED"');
  });

  test('does not answer in the clear', async () => {
    expect((await run('curl', '-sS', `http://127.0.0.1:${site.port}/`)).code).not.toBe(0);
  });

  test.each(['-tls1', '-tls1_1'])('refuses the old protocol %s', async (version) => {
    const { text } = await sClient(site.port, version, '-cipher', 'ALL:@SECLEVEL=0');
    expect(text).toContain('alert protocol version');
    expect(text).toContain('Cipher is (NONE)');
  });

  test.each(['-tls1_2', '-tls1_3'])('speaks %s', async (version) => {
    expect((await sClient(site.port, version)).text).toMatch(/New, TLSv1\.[23], Cipher is \w/);
  });

  test.each(['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'AES128-GCM-SHA256'])(
    'refuses the cipher %s of TLS 1.2: no forward secrecy, or no authenticated encryption',
    async (cipher) => {
      const { text } = await sClient(site.port, '-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`);
      expect(text).toContain('Cipher is (NONE)');
    },
  );

  test('can be told to speak TLS 1.3 alone', async () => {
    const strict = await start({ tlsMinVersion: '1.3' });
    expect((await sClient(strict.port, '-tls1_2')).text).toContain('alert protocol version');
    expect((await sClient(strict.port, '-tls1_3')).text).toContain('New, TLSv1.3');
    await strict.server.stop();
  });

  test('says why it cannot have its port', async () => {
    expect(start({ port: site.port })).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: `127.0.0.1:${site.port} cannot be opened: another program uses it`,
    });
  });

  test('is not to be had behind TLS: the HTTP server itself refuses other connections', async () => {
    const asked = () => site.lines.filter(({ event }) => event === 'request').length;
    const before = asked();
    const answers = await Promise.all(
      (await ownLoopbackPorts()).filter((port) => port !== site.port).map(async (port) => {
        const url = `http://127.0.0.1:${port}${SELFIE}`;
        return (await run('curl', '-s', '-m', '2', '-w', '%{http_code}', ...post(match()), url))
          .text;
      }),
    );
    expect(answers).toContain('403');
    expect(asked()).toBe(before);
  });

  describe('a new certificate', () => {
    async function replace(name: string): Promise<void> {
      for (const kind of ['pem', 'key']) {
        await copyFile(pki.file(`${name}.${kind}`), pki.file(`live.${kind}.new`));
        await chmod(pki.file(`live.${kind}.new`), 0o600);
        await rename(pki.file(`live.${kind}.new`), pki.file(`live.${kind}`));
      }
    }
    const subject = async (port: number) => /subject=(.*)/.exec((await sClient(port)).text)?.[1];

    test('is used from the next connection on; requests under way are answered', async () => {
      await replace('server');
      const live = await start({}, { cert: 'live.pem', key: 'live.key' });
      expect(await subject(live.port)).toBe('CN = gatehouse one');
      const open = connectTls({ port: live.port, host: '127.0.0.1', rejectUnauthorized: false });
      let got = '';
      open.on('data', (data) => got += data.toString());
      const body = match('slow 700');
      const head = `POST ${SELFIE} HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n`;
      open.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);

      await replace('next');
      await live.material.poll();
      expect(await subject(live.port)).toBe('CN = gatehouse one');
      await live.material.poll();
      expect(await subject(live.port)).toBe('CN = gatehouse two');
      expect(
        live.lines.filter(({ event }) => event === 'tls-certificate').map(({ subject }) => subject),
      )
        .toEqual(['CN=gatehouse one', 'CN=gatehouse two']);

      while (!got.includes('"refid"')) await Bun.sleep(10);
      expect(got).toStartWith('HTTP/1.1 200 ');
      const again = match();
      open.write(`${head}Content-Length: ${again.length}\r\n\r\n${again}`);
      while (got.split('HTTP/1.1 200 ').length < 3) await Bun.sleep(10);
      open.destroy();
      await live.server.stop();
    });

    const inDays = (days: number) => setSystemTime(new Date(Date.now() + days * 86_400_000));

    test('that has expired already leaves the one before in force', async () => {
      await replace('server');
      const live = await start({}, { cert: 'live.pem', key: 'live.key' });
      await replace('short');
      await live.material.poll();
      inDays(20);
      await live.material.poll();
      setSystemTime();
      expect(await subject(live.port)).toBe('CN = gatehouse one');
      expect(live.lines.at(-1)).toMatchObject({ level: 'error', event: 'tls-unreadable' });
      await live.server.stop();
    });

    test('that has expired is used, and named, where there is no other', async () => {
      await replace('short');
      inDays(20);
      const live = await start({}, { cert: 'live.pem', key: 'live.key' });
      setSystemTime();
      expect(await subject(live.port)).toBe('CN = short');
      expect(live.lines.find(({ event }) => event === 'tls-certificate'))
        .toMatchObject({ level: 'error', expired: true });
      await live.server.stop();
    });

    test('that does not fit its key, or is none, leaves the one before in force', async () => {
      await replace('server');
      const live = await start({}, { cert: 'live.pem', key: 'live.key' });
      for (const broken of ['next.pem', 'next.key']) {
        await copyFile(pki.file(broken), pki.file('live.pem'));
        await live.material.poll();
        await live.material.poll();
        expect(await subject(live.port)).toBe('CN = gatehouse one');
        expect(live.lines.at(-1)).toMatchObject({ level: 'error', event: 'tls-unreadable' });
        expect(JSON.stringify(live.lines.at(-1))).not.toContain('BEGIN');
      }
      await live.server.stop();
    });
  });

  describe('client certificates', () => {
    let strict: Site, optional: Site;
    beforeAll(async () => {
      const tlsClientCa = pki.file('authority.pem');
      strict = await start({ tlsClientCa, apiKeys: 'required' });
      optional = await start({
        tlsClientCa,
        tlsClientCertificates: 'optional',
        apiKeys: 'required',
      });
    });
    afterAll(() => Promise.all([strict.server.stop(), optional.server.stop()]));

    test('of the authority let in without an API key, and name the client in the log', async () => {
      for (const one of [strict, optional]) {
        const { text } = await curl(one, SELFIE, ...show('teller'), ...post(match()));
        expect(text).toContain('FEEDBACK_MATCHED');
        expect(one.lines.at(-1)).toMatchObject({ event: 'request', caller: 'teller-7' });
      }
    });

    test('are demanded where they are required', async () => {
      const { code, text } = await curl(strict, SELFIE, ...post(match()));
      expect(code).not.toBe(0);
      expect(text).toMatch(/certificate required|alert/i);
    });

    test('may be absent where they are optional; then a key is needed', async () => {
      expect((await curl(optional, SELFIE, ...post(match()))).text).toContain('ERROR_UNAUTHORIZED');
    });

    test.each(['stranger', 'wrong-use'])('of %s are refused in either case', async (name) => {
      for (const one of [strict, optional]) {
        const before = one.lines.filter(({ event }) => event === 'request').length;
        const { text } = await curl(one, SELFIE, ...show(name), ...post(match()));
        expect(text).not.toContain('refid');
        expect(one.lines.filter(({ event }) => event === 'request').length).toBe(before);
      }
    });

    test('count in resumed sessions as well, and for nobody else', async () => {
      const session = pki.file('session');
      const request = `POST ${SELFIE} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${match().length}\r\n\r\n${match()}`;
      const ask = async (...options: string[]) => {
        const child = Bun.spawn(
          ['openssl', 's_client', '-ign_eof', '-connect', `127.0.0.1:${strict.port}`, ...options],
          { stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' },
        );
        child.stdin.write(request);
        await child.stdin.flush();
        return await new Response(child.stdout).text();
      };
      const owner = ['-cert', pki.file('teller.pem'), '-key', pki.file('teller.key')];
      expect(await ask(...owner, '-sess_out', session)).toContain('FEEDBACK_MATCHED');
      const resumed = await ask('-sess_in', session);
      expect(resumed).toContain('Reused, TLSv1.3');
      expect(resumed).toContain('FEEDBACK_MATCHED');
      expect(strict.lines.at(-1)).toMatchObject({ caller: 'teller-7' });
      const other = ['-cert', pki.file('stranger.pem'), '-key', pki.file('stranger.key')];
      expect(await ask(...other)).not.toContain('FEEDBACK_MATCHED');
    });
  });

  describe('connections', () => {
    test('that speak something else are closed, and the server goes on', async () => {
      for (
        const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\xff\xff\x01', '\0'.repeat(100_000)]
      ) {
        const socket = connect(site.port, '127.0.0.1', () => socket.write(bytes));
        socket.on('error', () => {}).on('data', () => {});
        await new Promise<void>((closed) => {
          socket.on('close', () => closed());
          setTimeout(() => socket.destroy(), 500);
        });
      }
      expect((await curl(site, '/api/v1/face_health')).text).toBe('OK');
    });

    test('carry large bodies whole', async () => {
      const large = pki.file('large.json');
      await Bun.write(
        large,
        JSON.stringify({ ...JSON.parse(match()), more: 'x'.repeat(12_000_000) }),
      );
      const { text } = await curl(
        site,
        SELFIE,
        '-H',
        'Content-Type: application/json',
        '-d',
        `@${large}`,
      );
      expect(text).toContain('FEEDBACK_MATCHED');
    });

    test('are given up when the client leaves: its request ends', async () => {
      const body = match('slow 20000');
      const socket = connectTls({ port: site.port, host: '127.0.0.1', rejectUnauthorized: false });
      socket.on('error', () => {});
      socket.write(
        `POST ${SELFIE} HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      await Bun.sleep(200);
      const before = site.lines.length;
      socket.destroy();
      while (site.lines.length === before) await Bun.sleep(10);
      expect(site.lines.at(-1)).toMatchObject({ cause: expect.stringContaining('CANCELLED') });
    });
  });

  test('requests under way are answered at the end', async () => {
    const ending = await start();
    const answer = curl(ending, SELFIE, ...post(match('slow 500')));
    while (ending.faces.seen.length === 0) await Bun.sleep(5);
    await ending.server.stop();
    expect((await answer).text).toContain('FEEDBACK_MATCHED');
  });

  describe('the port for HTTP', () => {
    let other: Site, http: number;
    beforeAll(async () => {
      // a port that was free a moment ago
      const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
      http = probe.port;
      probe.stop(true);
      other = await start({ tlsRedirectPort: http });
    });
    afterAll(() => other.server.stop());
    const ask = (...args: string[]) => run('curl', '-sSi', ...args);

    test('sends readers on to HTTPS, with path and query', async () => {
      const { text } = await ask(`http://localhost:${http}/docs?a=b%20c`);
      expect(text).toMatch(/^HTTP\/1\.1 308 /);
      expect(text).toMatch(
        new RegExp(`^location: https://localhost:${other.port}/docs\\?a=b%20c\r$`, 'im'),
      );
      expect((await ask('-I', `http://localhost:${http}/`)).text).toMatch(/^HTTP\/1\.1 308 /);
    });

    test('refuses requests that carry something', async () => {
      const { text } = await ask(...post(match()), `http://127.0.0.1:${http}${SELFIE}`);
      expect(text).toMatch(/^HTTP\/1\.1 403 /);
      expect(text).not.toMatch(/^location/im);
      expect(other.lines.filter(({ event }) => event === 'request')).toEqual([]);
    });

    test('sends nobody to a host that is none', async () => {
      for (const host of ['', 'a b', 'x/y', 'evil.example\\@x', 'a:99999999']) {
        const { text } = await ask('-H', `Host: ${host}`, `http://127.0.0.1:${http}/`);
        expect(text).not.toMatch(/^location/im);
      }
    });
  });

  test('the key may be under the passphrase of the installation', async () => {
    const passphrase = 'correct horse battery';
    const path = pki.file('sealed.key');
    const plain = await Bun.file(pki.file('server.key')).text();
    await Bun.write(path, await encryptKey(plain, passphrase));
    await chmod(path, 0o600);
    const files = { cert: pki.file('server.pem'), key: path };
    expect((await readTlsMaterial(files, { passphrase })).keyPem).toBe(plain);
    expect(readTlsMaterial(files)).rejects.toThrow('it is encrypted');
  });

  test('files that cannot be used are refused by name', async () => {
    const [cert, key] = [pki.file('server.pem'), pki.file('server.key')];
    await copyFile(key, pki.file('open.key'));
    await chmod(pki.file('open.key'), 0o644);
    const junk = pki.file('junk');
    await Bun.write(junk, 'secret words');
    await chmod(junk, 0o600);
    for (
      const [files, message] of [
        [{ cert, key: pki.file('open.key') }, 'is open to other users: chmod 600 it'],
        [{ cert, key: pki.file('next.key') }, 'it is not the key of the first certificate'],
        [{ cert: junk, key }, 'no certificates in PEM'],
        [{ cert, key: junk }, 'no private key in PEM'],
        [{ cert, key, clientCa: junk }, 'no certificates in PEM'],
        [{ cert, key: pki.file('absent') }, 'does not exist'],
        [{ cert: pki.file('absent'), key }, 'does not exist'],
        [{ cert, key: pki.folder }, 'is no file'],
      ] as const
    ) {
      const error = await readTlsMaterial(files).then(() => undefined, (thrown) => thrown);
      expect(error.code).toBe('CONFIG_INVALID');
      expect(error.message).toContain(message);
      expect(error.message).not.toContain('secret words');
    }
  });
});
