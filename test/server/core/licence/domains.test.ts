/** Which domain a request comes from, and whether a licence is for it. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  hostOf,
  hostsOf,
  licensedDomain,
  normaliseDomain,
} from '../../../../server/core/licence/domains.ts';

describe('the host of what a client sends', () => {
  test.each([
    ['https://app.example.org', 'app.example.org'],
    ['https://APP.Example.org:8443/path?q#f', 'app.example.org'],
    ['http://localhost:4200/', 'localhost'],
    ['app.example.org', 'app.example.org'],
    ['app.example.org:8443', 'app.example.org'],
    ['d0bd-2-138-120-131.ngrok-free.app', 'd0bd-2-138-120-131.ngrok-free.app'],
    ['https://app.example.org./', 'app.example.org'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['https://app.example.org@evil.example/', 'evil.example'],
    ['https://evil.example\\.app.example.org/', 'evil.example'],
    ['https://evil.example#.app.example.org', 'evil.example'],
    ['capacitor://localhost', 'localhost'],
    ['http://192.0.2.1/', '192.0.2.1'],
    ['http://[::1]:8080/', '[::1]'],
  ])('%s', (text, host) => expect(hostOf(text)).toBe(host));

  test.each(['', ' ', 'https://', '://', 'http://a b/', '/path', 'https://%00/'])(
    '%j has none',
    (text) => expect(hostOf(text)).toBeUndefined(),
  );

  test('is a host or nothing, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
        const host = hostOf(text);
        if (host !== undefined) expect(hostOf(`https://${host}/`)).toBe(host);
      }),
    );
  });
});

describe('a domain of a licence', () => {
  test.each([
    ['App.Example.org', 'app.example.org'],
    ['*.Example.org', '*.example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['192.0.2.1', '192.0.2.1'],
    ['[::1]', '[::1]'],
  ])('%s', (text, domain) => expect(normaliseDomain(text)).toBe(domain));

  test.each([
    '',
    '*',
    '*.',
    '*.*.org',
    'a.*.org',
    'https://example.org',
    'example.org/path',
    'example.org:80',
    'user@example.org',
    'a b',
  ])('%j is none', (text) => expect(normaliseDomain(text)).toBeUndefined());

  const domains = ['app.example.org', '*.example.net'];
  test.each([
    ['app.example.org', 'app.example.org'],
    ['a.example.net', '*.example.net'],
    ['a.b.example.net', '*.example.net'],
  ])('%s is licensed', (host, domain) => expect(licensedDomain(domains, host)).toBe(domain));

  test.each([
    'example.org',
    'x.app.example.org',
    'example.net',
    'evilexample.net',
    'example.net.evil',
  ])(
    '%s is not',
    (host) => expect(licensedDomain(domains, host)).toBeUndefined(),
  );

  test('with a star has what ends in a point and the rest, and nothing else', () => {
    fc.assert(fc.property(fc.domain(), fc.domain(), (a, b) => {
      expect(licensedDomain([`*.${a}`], b) !== undefined).toBe(b.endsWith(`.${a}`));
    }));
  });
});

test('a request names hosts by Origin and Referer, and none by "null"', () => {
  const of = (headers: Record<string, string>) => hostsOf(new Headers(headers));
  expect(of({})).toEqual([]);
  expect(of({ Origin: 'null' })).toEqual([]);
  expect(of({ Origin: 'null', Referer: 'https://a.example/x' })).toEqual(['a.example']);
  expect(of({ Origin: 'https://a.example', Referer: 'https://b.example/' })).toEqual([
    'a.example',
    'b.example',
  ]);
});
