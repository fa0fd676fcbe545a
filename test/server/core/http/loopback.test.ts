/** What counts as staying on this machine. */
import { expect, test } from 'bun:test';
import { isLocalRequest, isLoopback } from '../../../../server/core/http/loopback.ts';

test.each(['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', '::1', '[::1]'])(
  '%s is loopback',
  (host) => expect(isLoopback(host)).toBe(true),
);

test.each([
  '0.0.0.0',
  '::',
  '[::]',
  '',
  '10.0.0.1',
  '128.0.0.1',
  '127.0.0.1.example',
  'localhost.x',
])(
  '"%s" is not',
  (host) => expect(isLoopback(host)).toBe(false),
);

test('a request is local by its name, and when no proxy passed it on', () => {
  expect(isLocalRequest(new Request('http://127.0.0.1:8080/'))).toBe(true);
  expect(isLocalRequest(new Request('http://[::1]:8080/'))).toBe(true);
  expect(isLocalRequest(new Request('http://gate.example/'))).toBe(false);
  const headers = { 'X-Forwarded-For': '192.0.2.1' };
  expect(isLocalRequest(new Request('http://localhost/', { headers }))).toBe(false);
});
