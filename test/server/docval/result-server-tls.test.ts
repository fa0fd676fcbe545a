/** Results over mutual TLS: certificates made by OpenSSL, a result server that demands one of the client. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResultPoster } from '../../../server/docval/mod.ts';
import { withTlsFiles } from '../../../server/docval/tls-files.ts';
import { parseClients } from '../../../server/docval/mod.ts';

let folder: string;
const file = (name: string) => join(folder, name);

async function openssl(...args: string[]): Promise<void> {
  const { exited } = Bun.spawn(['openssl', ...args], { cwd: folder, stderr: 'ignore' });
  if (await exited !== 0) throw new Error(`openssl ${args[0]}`);
}

/** A key and a certificate; `signer` names the authority, none: it is one itself. */
async function certificate(name: string, subject: string, signer?: string): Promise<void> {
  await openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2', '-subj', `/CN=${subject}`],
    ...['-addext', 'subjectAltName=IP:127.0.0.1'],
    ...(signer === undefined ? [] : ['-CA', `${signer}.pem`, '-CAkey', `${signer}.key`]),
  );
}

const hasOpenssl = Bun.which('openssl') !== null;
const describeWithOpenssl = hasOpenssl ? describe : describe.skip;

describeWithOpenssl('mutual TLS [needs openssl]', () => {
  let server: Bun.Server<undefined>;
  let bodies: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-tls-'));
    await certificate('authority', 'authority');
    await certificate('server', 'result server', 'authority');
    await certificate('client', 'gatehouse', 'authority');
    await certificate('stranger', 'stranger');
    server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      tls: {
        cert: Bun.file(file('server.pem')),
        key: Bun.file(file('server.key')),
        ca: Bun.file(file('authority.pem')),
        requestCert: true,
        rejectUnauthorized: true,
      },
      async fetch(request) {
        bodies.push(await request.text());
        return new Response('');
      },
    });
  });
  afterAll(async () => {
    await server.stop(true);
    await rm(folder, { recursive: true });
  });

  async function post(tls: object | undefined): Promise<unknown> {
    bodies = [];
    const clients = [{
      name: 'bank',
      client_id: 'bank-client-0123',
      result_server: { url: server.url.href, tls },
    }];
    const [client] = parseClients(JSON.stringify({ clients }), 'clients').list;
    const poster = new ResultPoster({ timeoutMs: 2000, pausesMs: [] });
    const { signal } = new AbortController();
    return await poster.post(await withTlsFiles(client, 'clients'), '{"passport":1}', signal)
      .catch((error) => error.code);
  }

  const ours = () => ({ cert_file: file('client.pem'), key_file: file('client.key') });

  test('reaches a server that knows our certificate and that we know', async () => {
    expect(await post({ ...ours(), ca_file: file('authority.pem') })).toBe(1);
    expect(bodies).toEqual(['{"passport":1}']);
  });

  for (
    const [name, tls] of [
      ['a server of an authority that is not named', ours],
      ['a server of another authority than the named', () => ({
        ...ours(),
        ca_file: file('stranger.pem'),
      })],
      ['a server that demands a certificate, with none', () => ({
        ca_file: file('authority.pem'),
      })],
      ['a server that demands a certificate, with a stranger', () => ({
        cert_file: file('stranger.pem'),
        key_file: file('stranger.key'),
        ca_file: file('authority.pem'),
      })],
    ] as const
  ) {
    test(`sends nothing to ${name}`, async () => {
      expect(await post(tls())).toBe('POST_TO_RESULT_SERVER_FAILED');
      expect(bodies).toEqual([]);
    });
  }
});
