/** Sessions of administrators: how they end, and what is stored of them. */
import { beforeEach, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { AccessFile } from '../../../../server/core/access/access-file.ts';
import {
  csrfToken,
  handleOf,
  IDLE_MS,
  isCsrfToken,
  LONGEST_MS,
  Sessions,
} from '../../../../server/core/access/sessions.ts';

const NOW = 1_800_000_000_000;

let file: AccessFile, sessions: Sessions;
beforeEach(async () => {
  file = AccessFile.open(':memory:');
  for (const name of ['ops', 'other']) {
    await file.run("INSERT INTO admin VALUES (?, '', x'', 0, 0)", name);
  }
  sessions = new Sessions(file);
});

describe('a session', () => {
  test('is whose it is, and ends when it is ended', async () => {
    const { id, admin } = await sessions.begin('ops', NOW);
    const other = await sessions.begin('other', NOW);
    expect(admin).toBe('ops');
    expect(await sessions.use(id, NOW + 1)).toEqual({ id, admin, endsMs: NOW + LONGEST_MS });
    await sessions.end(id);
    expect(await sessions.use(id, NOW + 2)).toBeUndefined();
    expect((await sessions.use(other.id, NOW + 2))?.admin).toBe('other');
  });

  test('is not kept alive by being looked at', async () => {
    const { id } = await sessions.begin('ops', NOW);
    const looked = NOW + IDLE_MS - 1;
    expect(await sessions.look(id, looked)).toEqual({ id, admin: 'ops', endsMs: NOW + LONGEST_MS });
    expect(await sessions.look(id, NOW + IDLE_MS)).toBeUndefined();
    expect(await sessions.use(id, looked)).toBeUndefined();
  });

  test('ends when nobody has used it for a while', async () => {
    const { id } = await sessions.begin('ops', NOW);
    const used = NOW + IDLE_MS - 1;
    expect(await sessions.use(id, used)).toBeDefined();
    expect(await sessions.use(id, used + IDLE_MS - 1)).toBeDefined();
    expect(await sessions.use(id, used + 2 * IDLE_MS)).toBeUndefined();
    // for good, whatever the clock says then
    expect(await sessions.use(id, NOW)).toBeUndefined();
  });

  test('ends at a fixed time, however often it is used', async () => {
    const { id } = await sessions.begin('ops', NOW);
    for (let at = NOW; at < NOW + LONGEST_MS; at += IDLE_MS / 2) {
      expect(await sessions.use(id, at)).toBeDefined();
    }
    expect(await sessions.use(id, NOW + LONGEST_MS)).toBeUndefined();
  });

  test('is not stored: the file has a hash of it', async () => {
    const { id } = await sessions.begin('ops', NOW);
    const rows = await file.all<{ digest: Uint8Array }>('SELECT * FROM session');
    expect(JSON.stringify(rows)).not.toContain(id);
    expect(rows.map(({ digest }) => Buffer.from(digest).toString('hex')))
      .toEqual([new Bun.CryptoHasher('sha256').update(id).digest('hex')]);
  });

  test('is one of ten at most', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 15; i++) ids.push((await sessions.begin('ops', NOW + i)).id);
    const alive: boolean[] = [];
    for (const id of ids) alive.push(await sessions.use(id, NOW + 20) !== undefined);
    expect(alive).toEqual([...Array(5).fill(false), ...Array(10).fill(true)]);
    await sessions.begin('ops', NOW + LONGEST_MS + 30);
    expect(await file.all('SELECT 1 FROM session')).toHaveLength(1);
  });

  test('is found by its identifier and nothing else', async () => {
    await sessions.begin('ops', NOW);
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      expect(await sessions.use(text, NOW)).toBeUndefined();
    }));
  });
});

describe('the sessions of an administrator', () => {
  test('are listed with how and where they began, the newest first, those that ended not', async () => {
    const { id } = await sessions.begin('ops', NOW, 'passkey', '198.51.100.7');
    const later = await sessions.begin('ops', NOW + 1);
    await sessions.begin('other', NOW);
    await sessions.use(id, NOW + IDLE_MS - 1);
    expect(await sessions.list('ops', NOW + IDLE_MS)).toMatchObject([
      { createdMs: NOW + 1, seenMs: NOW + 1, by: 'password', address: undefined },
      { createdMs: NOW, seenMs: NOW + IDLE_MS - 1, by: 'passkey', address: '198.51.100.7' },
    ]);
    // unused for too long
    const [only, ...others] = await sessions.list('ops', NOW + IDLE_MS + 1);
    expect([only.handle, others]).toEqual([handleOf({ ...later, id }), []]);
    expect(await sessions.list('ops', NOW + LONGEST_MS + 1)).toEqual([]);
  });

  test('have handles that do not let anybody in', async () => {
    const { id } = await sessions.begin('ops', NOW);
    const [entry] = await sessions.list('ops', NOW);
    expect(entry.handle).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(entry)).not.toContain(id);
    expect(await sessions.use(entry.handle, NOW)).toBeUndefined();
  });

  test('end by handle, and nobody else has them ended', async () => {
    const [one, two] = [await sessions.begin('ops', NOW), await sessions.begin('ops', NOW)];
    const other = await sessions.begin('other', NOW);
    await sessions.endAll('ops', [handleOf(one), handleOf(other), 'x']);
    const alive = await Promise.all(
      [one, two, other].map(async ({ id }) => await sessions.use(id, NOW) !== undefined),
    );
    expect(alive).toEqual([false, true, true]);
  });
});

test('a token belongs to its session', async () => {
  const { id: one } = await sessions.begin('ops', NOW);
  const { id: two } = await sessions.begin('ops', NOW);
  expect(isCsrfToken(one, csrfToken(one))).toBe(true);
  for (const other of [csrfToken(two), '', null, one, `${csrfToken(one)}=`]) {
    expect(isCsrfToken(one, other)).toBe(false);
  }
});
