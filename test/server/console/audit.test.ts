/** The search in the audit trail: what it finds, page by page, and that no text breaks it. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { AuditQuerySchema, searchAudit } from '../../../server/console/audit.ts';
import { Records } from '../../../server/core/records.ts';
import { SqliteStore } from '../../../server/core/store/sqlite-store.ts';
import { draft } from '../support/chains.ts';

const search = (store: SqliteStore, text = '', before?: number) =>
  searchAudit(store, { text, before });

describe('a search', () => {
  test('gives who did what, newest first', async () => {
    const { audit, store } = Records.inMemory({ nowMs: () => 0 });
    await audit.record({ kind: 'server-started', version: '1' });
    const operator = { type: 'operator', uid: 7, user: 'ada' } as const;
    await audit.record({ kind: 'audit-exported', from: null }, operator);
    expect(await searchAudit(store, { text: '' })).toEqual({
      records: [
        {
          seq: 2,
          time: '1970-01-01T00:00:00.000Z',
          kind: 'audit-exported',
          actor: 'operator ada',
          details: '{"from":null}',
        },
        {
          seq: 1,
          time: '1970-01-01T00:00:00.000Z',
          kind: 'server-started',
          actor: 'server',
          details: '{"version":"1"}',
        },
      ],
      next: null,
    });
    for (const text of ['EXPORTED', 'ada', 'from']) {
      const { records } = await searchAudit(store, { text });
      expect(records.map(({ seq }) => seq)).toEqual([2]);
    }
    expect((await searchAudit(store, { text: 'nowhere' })).records).toEqual([]);
  });

  test('goes back a hundred records at a time', async () => {
    const store = SqliteStore.open(':memory:');
    await store.append(Array.from({ length: 250 }, (_, i) => draft(`"${i + 1}"`)));
    const seqs: number[] = [];
    let before: number | undefined;
    const pages: number[] = [];
    do {
      const { records, next } = await search(store, '', before);
      seqs.push(...records.map(({ seq }) => seq));
      pages.push(records.length);
      before = next ?? undefined;
    } while (before !== undefined);
    expect(pages).toEqual([100, 100, 50]);
    expect(seqs).toEqual(Array.from({ length: 250 }, (_, i) => 250 - i));
  });

  test('reads so much and no more, and says where to go on', async () => {
    const store = SqliteStore.open(':memory:');
    await store.append([
      draft('"needle"'),
      ...Array.from({ length: 20_500 }, (_, i) => draft(String(i))),
    ]);
    const first = await search(store, 'needle');
    expect(first).toEqual({ records: [], next: 502 });
    const { records, next } = await search(store, 'needle', 502);
    expect([records.map(({ seq }) => seq), next]).toEqual([[1], null]);
  });

  test('shows what is no event as it is', async () => {
    const store = SqliteStore.open(':memory:');
    const bodies = ['no json', '7', '{"actor":5}'];
    const topic = 'strange', chain = 'audit';
    await store.append(
      bodies.map((body) => ({ chain, topic, make: () => ({ timeMs: 0, body }) }) as const),
    );
    const { records } = await search(store);
    expect(records.map(({ actor, details }) => [actor, details])).toEqual([
      ['', ''],
      ['', '{"body":"7"}'],
      ['', '{"body":"no json"}'],
    ]);
  });

  test('takes every query as a search or refuses it', async () => {
    const { audit, store } = Records.inMemory();
    await audit.record({ kind: 'server-stopped' });
    const query = fc.dictionary(fc.constantFrom('text', 'before', 'else'), fc.string());
    await fc.assert(fc.asyncProperty(query, async (given) => {
      const parsed = AuditQuerySchema.safeParse({ ...given });
      if (!parsed.success) return;
      const { records } = await searchAudit(store, parsed.data);
      expect(records.length).toBeLessThanOrEqual(1);
    }));
  });
});
