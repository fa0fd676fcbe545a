/** Passkeys in the access file: whose they are, and that none outlives its administrator. */
import { afterAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test';
import { AccessFile } from '../../../../server/core/access/access-file.ts';
import { AdminStore } from '../../../../server/core/access/admin-store.ts';
import { MAX_PASSKEYS, PasskeyStore } from '../../../../server/core/access/passkey-store.ts';
import type { Credential } from '../../../../server/core/webauthn/registration.ts';

// password hashes are slow on purpose, slower beside other tests
setDefaultTimeout(30_000);

const NOW = 1_800_000_000_000;
const PASSWORD = 'correct horse battery';
const file = AccessFile.open(':memory:');
const admins = new AdminStore(file), passkeys = new PasskeyStore(file);
beforeEach(async () => {
  for (const name of ['ops', 'eve']) {
    await admins.put(name, PASSWORD, NOW);
    await passkeys.handleOf(name);
  }
});
afterAll(() => file.close());

function credential(id: number, more: Partial<Credential> = {}): Credential {
  return {
    id: new Uint8Array(16).fill(id),
    algorithm: -7,
    publicKey: new Uint8Array(91).fill(id),
    counter: 0,
    backupEligible: true,
    backedUp: false,
    ...more,
  };
}

test('is found as it was added', async () => {
  const added = credential(1, { counter: 4_294_967_295 });
  expect(await passkeys.add('ops', 'key', added, NOW)).toBe(true);
  expect(await passkeys.find(added.id)).toEqual({
    ...added,
    admin: 'ops',
    name: 'key',
    createdMs: NOW,
    usedMs: undefined,
  });
  expect(await passkeys.find(new Uint8Array(16))).toBeUndefined();
});

test('belongs to one administrator, who alone can remove it', async () => {
  await passkeys.add('ops', 'key', credential(1), NOW);
  expect(await passkeys.add('eve', 'mine', credential(1), NOW)).toBe(false);
  expect(await passkeys.remove('eve', credential(1).id)).toBe(false);
  expect(await passkeys.list('eve')).toEqual([]);
  expect(await passkeys.remove('ops', credential(1).id)).toBe(true);
  expect(await passkeys.remove('ops', credential(1).id)).toBe(false);
});

test('has one handle for an administrator, and each another', async () => {
  const handle = await passkeys.handleOf('ops');
  expect(handle).toHaveLength(32);
  expect(await passkeys.handleOf('ops')).toEqual(handle);
  expect(await passkeys.isHandleOf('ops', handle)).toBe(true);
  expect(await passkeys.isHandleOf('eve', handle)).toBe(false);
  expect(await passkeys.isHandleOf('ops', handle.slice(1))).toBe(false);
  expect(await passkeys.isHandleOf('nobody', handle)).toBe(false);
});

test('goes with its administrator, and with a reset', async () => {
  await passkeys.add('ops', 'key', credential(1), NOW);
  await passkeys.add('eve', 'key', credential(2), NOW);
  const handle = await passkeys.handleOf('ops');
  await admins.put('ops', PASSWORD, NOW);
  await admins.remove('eve');
  expect([
    await passkeys.find(credential(1).id),
    await passkeys.find(credential(2).id),
  ]).toEqual([
    undefined,
    undefined,
  ]);
  expect(await passkeys.isHandleOf('ops', handle)).toBe(false);
});

test('of two sign-ins that saw the same counter counts one', async () => {
  const { id } = credential(1);
  await passkeys.add('ops', 'key', credential(1, { counter: 3 }), NOW);
  expect(await passkeys.use(id, 3, { counter: 4, backedUp: true }, NOW + 1)).toBe(true);
  expect(await passkeys.use(id, 3, { counter: 5, backedUp: true }, NOW + 1)).toBe(false);
  expect(await passkeys.find(id)).toMatchObject({ counter: 4, backedUp: true, usedMs: NOW + 1 });
});

test('an administrator has so many and no more', async () => {
  for (let i = 0; i < MAX_PASSKEYS; i++) {
    expect(await passkeys.add('ops', `key ${i}`, credential(i), NOW)).toBe(true);
  }
  expect(await passkeys.add('ops', 'one more', credential(99), NOW)).toBe(false);
  expect(await passkeys.add('eve', 'first', credential(99), NOW)).toBe(true);
});
