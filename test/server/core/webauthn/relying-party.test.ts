/** What passkeys can be for: names over TLS, and localhost. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  localRelyingParty,
  relyingPartyOf,
} from '../../../../server/core/webauthn/relying-party.ts';

test.each([
  ['https://gate.example', 'gate.example'],
  ['https://gate.example:8443', 'gate.example'],
  ['https://gate', 'gate'],
  ['http://localhost:8080', 'localhost'],
  ['https://localhost', 'localhost'],
  ['https://GATE.example', 'gate.example'],
])('%s is for %s', (origin, id) => {
  expect(relyingPartyOf(origin)).toEqual({ origin: origin.toLowerCase(), id });
});

test.each([
  'http://gate.example',
  'https://10.0.0.1',
  'https://0x0a000001',
  'https://[::1]:8443',
  'http://127.0.0.1:8080',
  'https://gate.example/',
  'https://gate.example/console',
  'https://ops@gate.example',
  'https://gate.example:443',
  'https://gate.example.',
  'ftp://gate.example',
  'gate.example',
  '*',
  '',
])('%s has none', (origin) => expect(relyingPartyOf(origin)).toBeUndefined());

test('of anything else there is none, or one that is itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
      const party = relyingPartyOf(text);
      expect(party === undefined || relyingPartyOf(party.origin)?.id === party.id).toBe(true);
    }),
  );
});

test('where only this machine can connect, it is localhost', () => {
  const local = (host: string, port: number, https: boolean) =>
    localRelyingParty({ host, port, https })?.origin;
  expect(local('127.0.0.1', 8080, false)).toBe('http://localhost:8080');
  expect(local('::1', 443, true)).toBe('https://localhost');
  expect(local('localhost', 80, false)).toBe('http://localhost');
  expect([local('0.0.0.0', 8080, true), local('127.0.0.1', 0, false)]).toEqual([
    undefined,
    undefined,
  ]);
});
