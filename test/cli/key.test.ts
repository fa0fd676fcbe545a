/** `gatehouse key ...`: keys are made, listed, replaced and ended, and shown once. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readDuration, readExpiry, readRateOption, readScopes } from '../../cli/key/terms.ts';
import { UsageError } from '../../cli/command.ts';
import { inProcess, json } from './support.ts';

const data = await mkdtemp(join(tmpdir(), 'gatehouse-key-'));
afterAll(() => rm(data, { recursive: true }));

const key = (...args: string[]) => inProcess('key', ...args, '--data', data);
const list = async () => json(await key('list', '--json'));

describe('a key', () => {
  test('is printed once, alone on its line, and listed without its text', async () => {
    const made = await key(
      'create',
      '--name',
      'teller',
      '--scopes',
      'match, docval',
      '--rate',
      '50/s',
    );
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^gh_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n$/);
    const listed = await key('list');
    expect(listed.stdout).toContain('teller  valid   match,docval  50/s');
    expect(listed.stdout).not.toContain(made.stdout.trim().slice(16));
    expect(await list()).toMatchObject([{
      name: 'teller',
      rate: '50/s',
      expires: null,
      status: 'valid',
    }]);
  });

  test('is replaced by another with its terms, and ends after the overlap', async () => {
    const before = Date.now();
    const next = json(await key('rotate', 'teller', '--overlap', '12h', '--json'));
    expect(next).toMatchObject({ name: 'teller', scopes: ['match', 'docval'], rate: '50/s' });
    const [old, listed] = await list();
    const overlapMs = new Date(old.expires).getTime() - before;
    expect(overlapMs).toBeGreaterThanOrEqual(12 * 3_600_000);
    expect(overlapMs).toBeLessThan(12 * 3_600_000 + 60_000);
    expect({ key: next.key, ...listed }).toEqual(next);
  });

  test('of a client with several is named by its id', async () => {
    const ambiguous = await key('rotate', 'teller');
    expect(ambiguous).toMatchObject({ code: 2, stderr: expect.stringContaining('has 2 keys') });
    const [, { id }] = await list();
    const rotated = json(await key('rotate', id, '--overlap', '0', '--json'));
    expect((await list()).map(({ status }: { status: string }) => status))
      .toEqual(['valid', 'expired', 'valid']);
    expect(rotated.status).toBe('valid');
  });

  test('is revoked by its id, all keys of a client by its name, and none is told apart', async () => {
    const [{ id }] = await list();
    expect(json(await key('revoke', id, '--json'))).toEqual({ revoked: [id] });
    expect(await key('revoke', id)).toMatchObject({ code: 1 });
    expect((await key('revoke', 'teller')).code).toBe(0);
    expect((await list()).map(({ status }: { status: string }) => status))
      .toEqual(['revoked', 'revoked', 'revoked']);
    expect((await key('revoke', 'nobody')).code).toBe(1);
    expect((await key('rotate', 'teller')).code).toBe(1);
  });
});

test('a wrong command line is told what to type', async () => {
  for (
    const args of [
      ['create'],
      ['create', '--name', 'a b', '--scopes', 'match'],
      ['create', '--name', 'teller'],
      ['create', '--name', 'teller', '--scopes', 'everything'],
      ['create', '--name', 'teller', '--scopes', ''],
      ['create', '--name', 'teller', '--scopes', 'match', '--rate', 'fast'],
      ['create', '--name', 'teller', '--scopes', 'match', '--expires', '2001-01-01'],
      ['create', '--name', 'teller', '--scopes', 'match', '--expires', 'tomorrow'],
      ['revoke'],
      ['rotate'],
      ['rotate', 'teller', '--overlap', 'long'],
    ]
  ) expect([args, (await key(...args)).code]).toEqual([args, 2]);
});

test('readers of options take what they say or refuse it as a wrong command line', () => {
  const readers = [
    readScopes,
    readRateOption,
    (text: string) => readExpiry(text, 0),
    (text: string) => readDuration('--overlap', text),
  ];
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...readers), (text, read) => {
      try {
        read(text);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
  );
  expect(readDuration('--overlap', '30d')).toBe(30 * 86_400_000);
  expect(() => readExpiry('2026-13-45', 0)).toThrow(UsageError);
});
