/** Addresses of databases: what libpq would understand of them, safe defaults, and no word of a password. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { loadConfig } from '../../../../server/core/config/mod.ts';
import {
  type DatabaseAddress,
  nameOf,
  readDatabaseUrl,
} from '../../../../server/core/database/address.ts';

const read = (url: string): DatabaseAddress => {
  const address = readDatabaseUrl(url);
  if ('fault' in address) throw new Error(address.fault);
  return address;
};

test('an address has its parts, decoded', () => {
  expect(read('postgresql://g%40te:p%3Aw%2F%25@db.bank.example:6543/records')).toEqual({
    host: 'db.bank.example',
    port: 6543,
    user: 'g@te',
    password: 'p:w/%',
    database: 'records',
    sslMode: 'verify-full',
    sslRootCert: undefined,
  });
  expect(read('postgres://gatehouse@[::1]')).toMatchObject({
    host: '::1',
    port: 5432,
    database: 'gatehouse',
    password: '',
  });
  expect(nameOf(read('postgres://u:secret@[::1]/d'))).toBe('postgres://[::1]:5432/d');
});

test('a socket is a folder in the parameters', () => {
  const address = read('postgres:///records?host=/run/postgresql&user=gatehouse&port=5433');
  expect(address).toMatchObject({ host: '/run/postgresql', port: 5433, sslMode: 'disable' });
});

test.each([
  ['127.0.0.1', 'disable'],
  ['localhost', 'disable'],
  ['10.0.0.7', 'verify-full'],
  ['db.bank.example', 'verify-full'],
])('without a word about TLS, %s is spoken to with %s', (host, sslMode) => {
  expect(read(`postgres://u@${host}/d`).sslMode).toBe(sslMode as DatabaseAddress['sslMode']);
});

describe('is refused', () => {
  test.each([
    ['mysql://u@h/d', 'must be a URL such as'],
    ['u@h', 'must be a URL such as'],
    ['postgres://h/d', 'must name a user'],
    ['postgres:///d?user=u', 'must name a host'],
    ['postgres://u@h/d?port=x', 'must name a port'],
    [
      'postgres://u@h/d?sslmode=prefer',
      'must have sslmode disable, require, verify-ca, verify-full',
    ],
    ['postgres://u@h/d?options=-c', 'must have no parameters but'],
    ['postgres://u:%zz@h/d', 'has a % that is no percent-encoding'],
  ])('%s', (url, fault) => {
    expect(readDatabaseUrl(url)).toEqual({ fault: expect.stringContaining(fault) });
  });

  test('by its key in the settings, without being repeated', () => {
    const load = () =>
      loadConfig({ GATEHOUSE_DATABASE_URL: 'postgres://u:hush@h/d?sslmode=allow' });
    expect(load).toThrow('database.url (GATEHOUSE_DATABASE_URL): must have sslmode');
    expect(load).not.toThrow('hush');
  });
});

test('any text is an address or a fault that does not repeat it', () => {
  const part = fc.string({ minLength: 8, unit: 'grapheme' });
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(part, part, part).map(([user, secret, rest]) =>
      `postgres://${user}:${secret}@${rest}`
    ),
    fc.tuple(part, part).map(([user, secret]) =>
      `postgres://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@h/d`
    ),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const address = readDatabaseUrl(text);
      if ('fault' in address) {
        if (text.length > 8) expect(address.fault).not.toContain(text);
      } else {
        expect(address.port).toBeGreaterThan(0);
        if (address.password.length > 8) expect(nameOf(address)).not.toContain(address.password);
      }
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 1000) },
  );
});
