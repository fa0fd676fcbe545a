/** Results over mutual TLS: certificates made by OpenSSL, a result server that demands one of the client. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ResultPoster } from '../../../server/docval/mod.ts';
import { withTlsFiles } from '../../../server/docval/tls-files.ts';
import { parseClients } from '../../../server/docval/mod.ts';
import { Certificates, HAS_OPENSSL } from '../support/certificates.ts';

let certificates: Certificates;
const file = (name: string) => certificates.file(name);

describe.skipIf(!HAS_OPENSSL)('mutual TLS [needs openssl]', () => {
  let server: Bun.Server<undefined>;
  let bodies: string[] = [];

  beforeAll(async () => {
    certificates = await Certificates.make();
    await certificates.add('authority', '/CN=authority');
    await certificates.add('server', '/CN=result server', 'authority');
    await certificates.add('client', '/CN=gatehouse', 'authority');
    await certificates.add('stranger', '/CN=stranger');
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
    await certificates.remove();
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
