/** `gatehouse health` against servers that are well, unwell and absent. */
import { afterEach, describe, expect, test } from 'bun:test';
import { EXIT } from '../../cli/command.ts';
import { Certificates, HAS_OPENSSL } from '../server/support/certificates.ts';
import { inProcess, json } from './support.ts';

const variables = [
  'GATEHOUSE_HOST',
  'GATEHOUSE_PORT',
  'GATEHOUSE_INSECURE_HTTP',
  'GATEHOUSE_METRICS_LISTEN',
  'GATEHOUSE_TLS_CERT',
  'GATEHOUSE_TLS_KEY',
  'HTTP_PROXY',
  'http_proxy',
];
const before = variables.map((name) => process.env[name]);
const started: Bun.Server<undefined>[] = [];

afterEach(async () => {
  variables.forEach((name, i) => {
    if (before[i] === undefined) delete process.env[name];
    else process.env[name] = before[i];
  });
  await Promise.all(started.splice(0).map((server) => server.stop(true)));
});

function serve(fetch: (request: Request) => Response | Promise<Response>): Bun.Server<undefined> {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch });
  started.push(server);
  return server;
}

const well = (request: Request): Response =>
  new URL(request.url).pathname === '/readyz'
    ? new Response('OK')
    : new Response('', { status: 404 });

describe('health', () => {
  test('is 0 for a server that is well', async () => {
    const outcome = await inProcess('health', '--url', serve(well).url.href);
    expect(outcome).toEqual({ code: EXIT.ok, stdout: 'healthy\n', stderr: '' });
  });

  test('finds the server of this installation, wherever it listens', async () => {
    process.env.GATEHOUSE_PORT = String(serve(well).port);
    process.env.GATEHOUSE_INSECURE_HTTP = 'true';
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      process.env.GATEHOUSE_HOST = host;
      expect((await inProcess('health')).code).toBe(EXIT.ok);
    }
  });

  test('asks the listener for metrics where there is one, as it wants no certificate', async () => {
    process.env.GATEHOUSE_PORT = String(serve(() => new Response('', { status: 400 })).port);
    process.env.GATEHOUSE_METRICS_LISTEN = `127.0.0.1:${serve(well).port}`;
    expect((await inProcess('health')).code).toBe(EXIT.ok);
  });

  test('asks the server and no proxy', async () => {
    const proxy = serve(() => new Response('', { status: 502 }));
    process.env.HTTP_PROXY = process.env.http_proxy = proxy.url.href;
    expect((await inProcess('health', '--url', serve(well).url.href)).code).toBe(EXIT.ok);
  });

  test.each([503, 302])('is 1 for an answer of %i', async (status) => {
    const { url } = serve(() => new Response('OK', { status, headers: { location: '/' } }));
    const outcome = await inProcess('health', '--url', url.href, '--json');
    expect(outcome.code).toBe(EXIT.negative);
    expect(json(outcome)).toEqual({
      healthy: false,
      url: url.origin,
      reason: `not healthy: answered ${status}`,
    });
  });

  test('is 1 when nobody listens, and names no user or password', async () => {
    const server = serve(well);
    const { host } = server.url;
    await server.stop(true);
    const outcome = await inProcess('health', '--url', `http://user:secret@${host}`);
    expect(outcome).toEqual({
      code: EXIT.negative,
      stdout: `no answer at http://${host}\n`,
      stderr: '',
    });
  });

  test.each(['ftp://127.0.0.1', 'here'])('refuses --url %s', async (url) => {
    expect((await inProcess('health', '--url', url)).code).toBe(EXIT.usage);
  });
});

describe.skipIf(!HAS_OPENSSL)('health over TLS', () => {
  test('trusts the certificate of its own server only', async () => {
    const certificates = await Certificates.make();
    try {
      await certificates.add('server', '/CN=elsewhere.example');
      const [cert, key] = [certificates.file('server.pem'), certificates.file('server.key')];
      const server = Bun.serve({
        hostname: '127.0.0.1',
        port: 0,
        fetch: well,
        tls: { cert: Bun.file(cert), key: Bun.file(key) },
      });
      started.push(server);
      process.env.GATEHOUSE_PORT = String(server.port);
      process.env.GATEHOUSE_TLS_CERT = cert;
      process.env.GATEHOUSE_TLS_KEY = key;
      expect((await inProcess('health')).code).toBe(EXIT.ok);
      expect((await inProcess('health', '--url', server.url.href)).code).toBe(EXIT.negative);
    } finally {
      await certificates.remove();
    }
  });
});
