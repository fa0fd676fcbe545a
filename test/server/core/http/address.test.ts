/** HOST:PORT as settings have it. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseAddress } from '../../../../server/core/http/address.ts';

describe('parseAddress', () => {
  test.each(
    [
      ['127.0.0.1:9464', '127.0.0.1', 9464],
      ['monitor.example:0', 'monitor.example', 0],
      ['[::1]:9464', '::1', 9464],
      ['[::ffff:127.0.0.1]:65535', '::ffff:127.0.0.1', 65535],
    ] as const,
  )('reads %s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  test.each([
    '',
    '9464',
    ':9464',
    'a:b',
    '::1:9464',
    '[::1]',
    '[a]:x',
    'a:65536',
    'a:1/',
    ' a:1',
    'a:1\n',
    'http://a:1',
  ])(
    'refuses %p',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  test('reads nothing that would not read back the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(70_000), (host, port) => {
        const read = parseAddress(`${host}:${port}`);
        if (read === undefined) return;
        expect(read.port).toBe(port);
        expect([read.host, `[${read.host}]`]).toContain(host);
      }),
    );
  });
});
