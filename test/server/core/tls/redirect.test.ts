/** Where the port for HTTP sends requests: to the same place over HTTPS, or nowhere. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { redirect } from '../../../../server/core/tls/redirect.ts';

function location(host: string, path = '/', port = 8443): string | null {
  const request = new Request(new URL(path, 'http://x/'), { headers: { Host: host } });
  return redirect(request, port).headers.get('location');
}

test('a reader is sent to the port of HTTPS', () => {
  expect(location('gate.example')).toBe('https://gate.example:8443/');
  expect(location('gate.example:8080', '/docs?q=1')).toBe('https://gate.example:8443/docs?q=1');
  expect(location('[2001:db8::1]:80', '/', 443)).toBe('https://[2001:db8::1]/');
});

test('no header leads to another host than the one it names', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.webPath(), (host, path) => {
    let target: string | null;
    try {
      target = location(host, path || '/');
    } catch (error) {
      // no header can have such a value
      expect(error).toBeInstanceOf(TypeError);
      return;
    }
    if (target === null) return;
    expect(host).toMatch(/^[A-Za-z0-9.:[\]-]+$/);
    expect(target).toStartWith(`https://${host.replace(/:\d+$/, '')}:8443/`);
  }));
});
