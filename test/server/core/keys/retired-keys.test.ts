/** The list of retired signing keys: read as it was written, or refused. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  parseRetiredKeys,
  readRetiredKeys,
  retireKey,
} from '../../../../server/core/keys/retired-keys.ts';
import { ServerError } from '../../../../server/core/errors.ts';

const folder = await mkdtemp(join(tmpdir(), 'gatehouse-retired-'));
afterAll(() => rm(folder, { recursive: true }));

const coordinate = (letter: string) => letter.repeat(43);

test('a key is added once, and read as it was added', async () => {
  expect(await readRetiredKeys(folder)).toEqual([]);
  const [x, y] = [coordinate('x'), coordinate('y')];
  await retireKey(folder, { kid: 'one', x, y }, 1000);
  await retireKey(folder, { kid: 'two', x: y, y: x }, 2000);
  await retireKey(folder, { kid: 'one', x, y }, 3000);
  expect(await readRetiredKeys(folder)).toEqual([
    { kid: 'two', x: y, y: x, retiredMs: 2000 },
    { kid: 'one', x, y, retiredMs: 3000 },
  ]);
});

test('what is no list is refused by its path', async () => {
  const path = join(folder, 'verdict-signing-retired.json');
  await writeFile(path, '{"keys":[{"kid":"secret words"}]}');
  expect(readRetiredKeys(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `${path}: no list of retired keys`,
  });
});

test('any text is a list or refused', () => {
  const entry = fc.record({
    kid: fc.oneof(fc.constant('one'), fc.string()),
    x: fc.oneof(fc.constant(coordinate('x')), fc.string()),
    y: fc.constant(coordinate('y')),
    retired: fc.oneof(fc.constant('2026-01-01T00:00:00.000Z'), fc.string()),
  }, { requiredKeys: [] });
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(entry).map((keys) => JSON.stringify({ keys })),
  );
  fc.assert(fc.property(text, (text) => {
    try {
      for (const { kid, x, retiredMs } of parseRetiredKeys(text, 'file')) {
        expect(kid).toMatch(/^[\w-]{1,64}$/);
        expect(x).toHaveLength(43);
        expect(retiredMs).toBeGreaterThan(0);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(ServerError);
    }
  }));
});
