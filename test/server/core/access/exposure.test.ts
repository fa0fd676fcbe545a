/** What must be settled before other machines can connect. */
import { describe, expect, test } from 'bun:test';
import { loadConfig } from '../../../../server/mod.ts';
import { problemsOf } from '../config/support.ts';
import { licensed } from '../../support/licences.ts';
import { startFake } from '../../support/running.ts';

const TLS = { tlsCert: 'cert.pem', tlsKey: 'key.pem' };

const fault = (options: object): string | undefined => problemsOf({ options })[0];

describe('an address that other machines reach', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1', 'gate.example'])('%s needs TLS', (host) => {
    const message = fault({ host });
    expect(message).toStartWith(
      'server.host (--host): other machines would speak to it in the clear',
    );
    for (const remedy of ['tls.cert and tls.key', 'server.insecure_http', '127.0.0.1']) {
      expect(message).toContain(remedy);
    }
    expect(fault({ host, ...TLS })).toBeUndefined();
    expect(fault({ host, insecureHttp: true })).toBeUndefined();
  });

  test('is named by the variable that set it', () => {
    expect(problemsOf({ env: { GATEHOUSE_HOST: '0.0.0.0' } })[0])
      .toStartWith('server.host (GATEHOUSE_HOST): ');
  });

  test('needs somebody who decides who may come in', () => {
    const open = { host: '0.0.0.0', apiKeys: 'optional', ...TLS };
    expect(fault(open)).toContain('everybody who can connect would be let in');
    expect(fault({ ...open, insecureHttp: true })).toContain('everybody');
    expect(fault({ ...open, tlsClientCa: 'ca', tlsClientCertificates: 'optional' }))
      .toContain('everybody');
    expect(fault({ ...open, tlsClientCa: 'ca' })).toBeUndefined();
    const proxied = { ...open, insecureHttp: true, trustedProxies: ['10.0.0.1'] };
    expect(fault(proxied)).toBeUndefined();
  });
});

describe('this machine alone', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])('at %s needs nothing', (host) => {
    expect(fault({ host })).toBeUndefined();
    expect(fault({ host, apiKeys: 'optional' })).toBeUndefined();
  });
});

test('settings of TLS go together', () => {
  expect(fault({ tlsCert: 'cert.pem' })).toBe('tls.key: needed because tls.cert is set');
  expect(fault({ tlsKey: 'key.pem' })).toBe('tls.cert: needed because tls.key is set');
  expect(fault({ tlsClientCa: 'ca.pem' })).toContain('tls.client_ca');
  expect(fault({ tlsRedirectPort: 80 })).toContain('needs tls.cert and tls.key');
  expect(fault({ ...TLS, tlsClientCa: 'ca.pem', tlsRedirectPort: 80 })).toBeUndefined();
});

test('a server that others reach is not opened to everybody while it runs', async () => {
  const settings = { host: '0.0.0.0', insecureHttp: true };
  const running = startFake(settings, undefined, { licensing: licensed() });
  const config = loadConfig({}, settings);
  expect(() => running.server.prepare({ ...config, apiKeys: 'optional' }))
    .toThrow('access.api_keys: everybody who can connect');
  await running.server.stop();
});
