/** The list of retired signing keys: read as it was written and signed, or refused. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseRetiredKeys } from '../../../../server/core/keys/retired-keys.ts';
import { SigningKey } from '../../../../server/core/keys/signing-key.ts';
import { ServerError } from '../../../../server/core/errors.ts';

const TYPE = 'gatehouse-retired-keys+jwt';
const key = await SigningKey.generate(), other = await SigningKey.generate();
const entry = {
  kid: 'one',
  x: 'x'.repeat(43),
  y: 'y'.repeat(43),
  retired: '2026-01-01T00:00:00.000Z',
};

async function read(...lists: string[]) {
  return await parseRetiredKeys(JSON.stringify({ lists }), key.jwk, 'file');
}

describe('a list', () => {
  test('is read where the key in force has signed it', async () => {
    const { retired, ...rest } = entry;
    const expected = [{ ...rest, retiredMs: Date.parse(retired) }];
    const ours = await key.sign({ keys: [entry] }, TYPE);
    const before = await other.sign({ keys: [] }, TYPE);
    for (const lists of [[ours], [before, ours], [ours, before]]) {
      expect(await read(...lists)).toEqual(expected);
    }
  });

  test('of another key is none', async () => {
    expect(await read(await other.sign({ keys: [entry] }, TYPE))).toEqual([]);
    expect(await read()).toEqual([]);
  });

  test('that was changed, or is of another type or shape, is refused by its path', async () => {
    const ours = await key.sign({ keys: [entry] }, TYPE);
    const [header, , signature] = ours.split('.');
    const forged = btoa(JSON.stringify({ keys: [{ ...entry, kid: 'two' }] })).replaceAll('=', '');
    for (
      const list of [
        `${header}.${forged}.${signature}`,
        await key.sign({ keys: [entry] }, 'other+jwt'),
        await key.sign({ keys: [{ ...entry, x: 'short' }] }, TYPE),
        await key.sign({ keys: [{ ...entry, d: 'secret words' }] }, TYPE),
        await key.sign([], TYPE),
      ]
    ) {
      expect(read(list)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: 'file: no list of retired keys that we have signed',
      });
    }
  });
});

test('any text is a list or refused', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.string()).map((lists) => JSON.stringify({ lists })),
    fc.tuple(fc.string(), fc.string()).map(([header, rest]) =>
      JSON.stringify({ lists: [`${btoa(encodeURIComponent(header))}.${rest}`] })
    ),
  );
  await fc.assert(fc.asyncProperty(text, async (text) => {
    try {
      expect(await parseRetiredKeys(text, key.jwk, 'file')).toEqual([]);
    } catch (error) {
      expect(error).toBeInstanceOf(ServerError);
    }
  }));
});
