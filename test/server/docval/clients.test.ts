/** The clients file: what is refused, and how the message names it. */
import { describe, expect, test } from 'bun:test';
import { parseClients } from '../../../server/docval/mod.ts';

const client = { name: 'bank', client_id: 'key-of-the-bank' };

function refusal(clients: unknown): string {
  try {
    parseClients(JSON.stringify({ clients }), 'clients.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('parseClients refuses', () => {
  const cases: [string, unknown, string][] = [
    [
      'no list',
      undefined,
      'clients.json: clients: Invalid input: expected array, received undefined',
    ],
    [
      'a short key',
      [{ ...client, client_id: 'short' }],
      'clients.json: clients[0].client_id: must have at least 8 characters',
    ],
    [
      'an unknown key',
      [{ ...client, secret: 'x' }],
      'clients.json: clients[0]: unknown key: secret',
    ],
    [
      'two of a name',
      [client, { ...client, client_id: 'another-key' }],
      'clients.json: two clients have the same name',
    ],
    [
      'two of a key',
      [client, { ...client, name: 'shop' }],
      'clients.json: two clients have the same client_id',
    ],
    [
      'another protocol',
      [{ ...client, result_server: { url: 'ftp://example.org/' } }],
      'clients.json: clients[0].result_server.url: must be an http or https URL',
    ],
    [
      'plain http to another machine',
      [{ ...client, result_server: { url: 'http://example.org/' } }],
      'clients.json: clients[0].result_server.url: plain http leaves this machine; use https or set allow_plain_http',
    ],
    ['half a key pair', [{
      ...client,
      result_server: { url: 'https://example.org/', tls: { key_file: 'k.pem' } },
    }], 'clients.json: clients[0].result_server.tls: cert_file and key_file belong together'],
    ['a header that is none', [{
      ...client,
      result_server: { url: 'https://example.org/', headers: { 'a b': 'c' } },
    }], 'clients.json: clients[0].result_server.headers.a b: Invalid key in record'],
    ['a header with a line of its own', [{
      ...client,
      result_server: { url: 'https://example.org/', headers: { a: 'b\r\nc: d' } },
    }], 'clients.json: clients[0].result_server.headers.a: must be printable ASCII'],
  ];
  for (const [name, clients, message] of cases) {
    test(name, () => expect(refusal(clients)).toBe(message));
  }

  test('what is not JSON, without repeating it', () => {
    expect(() => parseClients('{"client_id": "key', 'clients.json')).toThrow(
      'clients.json: not JSON',
    );
  });
});

test('a client is found by its id only', () => {
  const clients = parseClients(
    JSON.stringify({
      clients: [client, { name: 'shop', client_id: 'key-of-the-shop' }],
    }),
    'clients.json',
  );
  expect(clients.find('key-of-the-shop')?.name).toBe('shop');
  expect(clients.find('key-of-the-bank')?.name).toBe('bank');
  expect(clients.find('key-of-the-ban')).toBeUndefined();
  expect(clients.find('')).toBeUndefined();
});

test('clients that take the place of others are all there at once, and those before are gone', () => {
  const clientsOf = (client_id: string) =>
    parseClients(JSON.stringify({ clients: [{ name: 'bank', client_id }] }), 'clients.json');
  const clients = clientsOf('the-old-key');
  const begun = clients.find('the-old-key');
  clients.replaceWith(clientsOf('the-new-key'));
  expect(clients.find('the-old-key')).toBeUndefined();
  expect(clients.find('the-new-key')?.name).toBe('bank');
  expect([clients.count, begun?.client_id]).toEqual([1, 'the-old-key']);
});
