/** Whom a request comes from, with proxies that are trusted and some that are not. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { isIP } from 'node:net';
import {
  plainAddress,
  readNetwork,
  sourceAddress,
  sourceGroup,
  TrustedProxies,
} from '../../../../server/core/access/addresses.ts';

const proxies = new TrustedProxies(['10.0.0.0/8', '::1', 'fd00::/8']);

describe('an address', () => {
  test('has one form', () => {
    expect(plainAddress(' 192.0.2.1:8080 ')).toBe('192.0.2.1');
    expect(plainAddress('[2001:DB8::1]:443')).toBe('2001:db8::1');
    expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
    for (const text of ['', 'unknown', '_hidden', '192.0.2', '192.0.2.1 x', '::g', 'a.example']) {
      expect([text, plainAddress(text)]).toEqual([text, undefined]);
    }
  });
});

describe('the source of a request', () => {
  test('is the other end, whatever a stranger says of others', () => {
    expect(sourceAddress('203.0.113.9', null, proxies)).toBe('203.0.113.9');
    expect(sourceAddress('203.0.113.9', '198.51.100.1', proxies)).toBe('203.0.113.9');
    expect(sourceAddress('10.0.0.1', '198.51.100.1', TrustedProxies.none)).toBe('10.0.0.1');
    expect(sourceAddress(undefined, '198.51.100.1', proxies)).toBeUndefined();
  });

  test('is the last address that no trusted proxy has', () => {
    expect(sourceAddress('10.0.0.1', '198.51.100.1', proxies)).toBe('198.51.100.1');
    expect(sourceAddress('::1', '6.6.6.6, 198.51.100.1, 10.2.3.4', proxies)).toBe('198.51.100.1');
    expect(sourceAddress('fd12::5', '10.1.1.1', proxies)).toBe('10.1.1.1');
  });

  test('is the nearest known one when the rest cannot be read', () => {
    expect(sourceAddress('10.0.0.1', 'unknown', proxies)).toBe('10.0.0.1');
    expect(sourceAddress('10.0.0.1', '198.51.100.1, unknown, 10.9.9.9', proxies)).toBe('10.9.9.9');
  });

  test('is an address or unknown for any header', () => {
    const part = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string());
    fc.assert(fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const source = sourceAddress('10.0.0.1', parts.join(','), proxies);
      expect(isIP(source ?? '')).not.toBe(0);
    }));
  });
});

describe('what is locked out together', () => {
  test('is an IPv4 address, or an IPv6 network of one host', () => {
    expect(sourceGroup('192.0.2.1')).toBe('192.0.2.1');
    const group = '2001:db8:1:2::/64';
    for (const host of ['2001:db8:1:2::1', '2001:db8:1:2:ffff:1:2:3', '2001:0db8:0001:2::']) {
      expect(sourceGroup(host)).toBe(group);
    }
    expect(sourceGroup('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(sourceGroup('::1')).toBe('0:0:0:0::/64');
  });

  test('does not depend on how an address is written', () => {
    const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
    fc.assert(fc.property(groups, (groups) => {
      const long = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
      const short = new URL(`http://[${long}]`).hostname.slice(1, -1);
      expect(sourceGroup(short)).toBe(sourceGroup(long));
    }));
  });
});

test('a proxy that is no address or network is refused', () => {
  for (
    const network of ['', 'proxy', '10.0.0.0/33', '10.0.0.0/', 'fd00::/129', '10.0.0.0/8/8', '/8']
  ) {
    expect(readNetwork(network)).toBeUndefined();
    expect(() => new TrustedProxies([network])).toThrow('no network');
  }
});
