/** The audit trail: events, changes, and its export as signed JSON lines. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { operator } from '../../../../server/core/audit/audit.ts';
import { checkExport, exportLines } from '../../../../server/core/audit/export.ts';
import { KeySet } from '../../../../server/core/keys/key-set.ts';
import { SigningKey } from '../../../../server/core/keys/signing-key.ts';
import { Records } from '../../../../server/core/records.ts';
import { all, each } from '../../support/chains.ts';

const bodies = async ({ store }: Records) =>
  (await all(store.read('audit'))).map(({ topic, body }) => [topic, JSON.parse(body)]);

describe('events', () => {
  test('say who did what', async () => {
    const records = Records.inMemory();
    await records.audit.record({ kind: 'server-stopped' });
    await records.audit.record({ kind: 'docval-session', session: 's', protocol: 'v1' }, {
      type: 'client',
      name: 'bank',
    });
    expect(await bodies(records)).toEqual([
      ['server-stopped', { actor: { type: 'server' } }],
      ['docval-session', { actor: { type: 'client', name: 'bank' }, session: 's', protocol: 'v1' }],
    ]);
  });

  test('of the command line name the user by what the system says, not by the environment', () => {
    const { USER } = process.env;
    process.env.USER = 'somebody-else';
    try {
      const actor = operator();
      expect(actor).toMatchObject({ type: 'operator', uid: process.getuid?.() });
      expect(JSON.stringify(actor)).not.toContain('somebody-else');
    } finally {
      if (USER === undefined) delete process.env.USER;
      else process.env.USER = USER;
    }
  });

  test('of a change are recorded when something has changed', async () => {
    const records = Records.inMemory();
    const keys = (signing: string) =>
      records.audit.recordChange({ kind: 'keys', signing, capture: ['a'] });
    for (const signing of ['one', 'one', 'two', 'two', 'one']) await keys(signing);
    expect((await bodies(records)).map(([, { signing }]) => signing)).toEqual([
      'one',
      'two',
      'one',
    ]);
  });

  test('that cannot be stored are an error for whoever waits', async () => {
    const records = Records.inMemory();
    records.store.close();
    await expect(records.audit.record({ kind: 'server-stopped' })).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
    });
    expect(records.writable).toBe(false);
  });
});

describe('an export', async () => {
  const key = await SigningKey.generate();
  const keys = await KeySet.of(key.jwk);
  const records = Records.inMemory();
  for (let i = 0; i < 6; i++) {
    await records.audit.record({
      kind: 'configuration',
      settings: { name: `Zoë "${i}"\n\u2028`, list: [1, { a: null }] },
    });
  }
  const lines = await Array.fromAsync(exportLines(records.store.read('audit'), key, 0));
  const check = (changed: readonly string[], by = keys) => checkExport(each(changed), by);

  test('is one line a record and one with the signature, and holds', async () => {
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[0])).toMatchObject({
      seq: 1,
      kind: 'configuration',
      event: { actor: { type: 'server' }, settings: { list: [1, { a: null }] } },
    });
    expect(await check(lines)).toEqual({ ok: true, records: 6, from: 1 });
  });

  test('may begin in the middle and may be empty', async () => {
    const some = (await all(records.store.read('audit'))).slice(3);
    const part = await Array.fromAsync(exportLines(each(some), key, 0));
    expect(await check(part)).toEqual({ ok: true, records: 3, from: 4 });
    expect(await check(await Array.fromAsync(exportLines(each([]), key, 0)))).toEqual({
      ok: true,
      records: 0,
    });
  });

  test('is refused with any change, gap or cut', async () => {
    await fc.assert(fc.asyncProperty(
      fc.nat(6),
      fc.nat(),
      fc.string({ minLength: 1 }),
      async (line, where, put) => {
        const text = lines[line], at = where % text.length;
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        // of the signature, the last character of a part has bits that mean nothing
        fc.pre(changed !== text && line < 6);
        expect((await check(lines.with(line, changed))).ok).toBe(false);
        expect((await check(lines.toSpliced(line, 1))).ok).toBe(false);
      },
    ));
    expect(await check(lines.slice(0, 6))).toMatchObject({
      reason: 'the last line has no signature',
    });
  });

  test('is refused with a signature of another key or of another export', async () => {
    const other = await SigningKey.generate();
    const forged = await Array.fromAsync(exportLines(records.store.read('audit'), other, 0));
    expect((await check(forged)).reason).toContain('unknown key');
    expect(await check(forged, await KeySet.of(other.jwk))).toMatchObject({ ok: true });
    const [short] = await Array.fromAsync(exportLines(each([]), key, 0));
    expect((await check([...lines.slice(0, 6), short])).reason).toContain('other records');
  });

  test('of any text is refused, never a crash', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.string(), fc.json())), async (any) => {
      expect((await check(any)).ok).toBe(false);
    }));
  });
});
