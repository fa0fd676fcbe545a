/** Which requests can come from a page of ours. */
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { isOwnRequest } from '../../../server/console/origin.ts';

const own = (headers: Record<string, string>) =>
  isOwnRequest(new Headers({ Host: 'gate.example:8443', ...headers }));

test('browsers say where a request comes from', () => {
  expect(own({ 'Sec-Fetch-Site': 'same-origin' })).toBe(true);
  for (const site of ['cross-site', 'same-site', 'none', '']) {
    expect(own({ 'Sec-Fetch-Site': site })).toBe(false);
  }
  expect(own({ Origin: 'https://gate.example:8443' })).toBe(true);
  for (const origin of ['https://evil.example', 'https://gate.example', 'null', 'x', '']) {
    expect(own({ Origin: origin })).toBe(false);
  }
  expect(own({})).toBe(true);
});

test('no origin but our own passes', () => {
  fc.assert(fc.property(fc.webAuthority(), (authority) => {
    if (authority !== 'gate.example:8443') {
      expect(own({ Origin: `https://${authority}` })).toBe(false);
    }
  }));
});
