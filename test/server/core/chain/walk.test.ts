/** Walking a chain: every change, gap, cut and forged signature is found, and where. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  CHECKPOINT_TYPE,
  Checkpoints,
  signed,
  START_TYPE,
} from '../../../../server/core/chain/checkpoint.ts';
import { GENESIS, hashOf } from '../../../../server/core/chain/link.ts';
import { walkChain, walkStored } from '../../../../server/core/chain/walk.ts';
import { KeySet } from '../../../../server/core/keys/key-set.ts';
import { SigningKey } from '../../../../server/core/keys/signing-key.ts';
import type { Checkpoint, StoredRecord } from '../../../../server/core/store/record-store.ts';
import { SqliteStore } from '../../../../server/core/store/sqlite-store.ts';
import { all, draft, each } from '../../support/chains.ts';

const LENGTH = 12;
/** Records that checkpoints were signed at. */
const SIGNED = [5, 10];

let key: SigningKey, keys: KeySet, store: SqliteStore;
let records: StoredRecord[], checkpoints: Checkpoint[];
beforeAll(async () => {
  key = await SigningKey.generate();
  keys = await KeySet.of(key.jwk);
  store = SqliteStore.open(':memory:');
  const signer = new Checkpoints(store, key, () => 0);
  for (let seq = 1; seq <= LENGTH; seq++) {
    await store.append([draft(`record ${seq}`)]);
    if (SIGNED.includes(seq)) await signer.sign();
  }
  records = await all(store.read('audit'));
  checkpoints = await store.checkpoints('audit');
});
afterAll(() => store.close());

const walk = (changed: readonly StoredRecord[], signed = checkpoints, by = keys) =>
  walkChain('audit', each(changed), signed, by);

/** The chain with every hash made anew from a record on, as somebody without the key could. */
function relinked(changed: readonly StoredRecord[]): StoredRecord[] {
  const chain: StoredRecord[] = [];
  for (const [i, record] of changed.entries()) {
    const next = { ...record, seq: i + 1, previous: chain.at(-1)?.hash ?? GENESIS };
    chain.push({ ...next, hash: hashOf('audit', next) ?? '' });
  }
  return chain;
}

test('a whole chain is intact and says how far it is signed', async () => {
  expect(await walkStored(store, 'audit', keys)).toEqual({
    chain: 'audit',
    intact: true,
    prunedTo: 0,
    records: LENGTH,
    lastHash: records[LENGTH - 1].hash,
    checkpoints: 2,
    signedTo: 10,
  });
  expect(await walkChain('audit', each([]), [], keys)).toMatchObject({ intact: true, records: 0 });
});

test('records are visited up to the first that is wrong', async () => {
  const seen: number[] = [];
  const changed = records.with(6, { ...records[6], body: '{}' });
  await walkChain('audit', each(changed), checkpoints, keys, ({ seq }) => seen.push(seq));
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
});

describe('is found', () => {
  const position = fc.integer({ min: 0, max: LENGTH - 1 });

  test('a changed field of any record', async () => {
    const field = fc.constantFrom('timeMs', 'topic', 'body', 'previous', 'hash', 'seq');
    await fc.assert(fc.asyncProperty(
      position,
      field,
      fc.oneof(fc.string(), fc.integer(), fc.double()),
      async (at, name, value) => {
        const record = records[at];
        fc.pre(value !== record[name as keyof StoredRecord]);
        const changed = records.with(at, { ...record, [name]: value } as StoredRecord);
        const { intact, broken } = await walk(changed);
        expect([intact, broken?.seq]).toEqual([false, at + 1]);
      },
    ));
  });

  test('a record that was taken out, put in twice or swapped', async () => {
    await fc.assert(fc.asyncProperty(position, position, async (a, b) => {
      // without its last records a chain is whole as far as it is not signed: see below
      fc.pre(a < SIGNED[1] && a !== b);
      expect((await walk(records.toSpliced(a, 1))).broken?.seq).toBe(a + 1);
      expect((await walk(records.toSpliced(a, 0, records[b]))).broken?.seq).toBe(a + 1);
      const swapped = records.with(a, records[b]).with(b, records[a]);
      expect((await walk(swapped)).broken?.seq).toBe(Math.min(a, b) + 1);
    }));
  });

  test('a chain that was written anew, at the next checkpoint', async () => {
    await fc.assert(fc.asyncProperty(position, async (at) => {
      fc.pre(at < SIGNED[1]);
      const anew = relinked(records.with(at, { ...records[at], body: '{"says":"nothing"}' }));
      const { broken } = await walk(anew);
      expect(broken?.seq).toBe(SIGNED.find((seq) => seq > at) ?? 0);
      expect(broken?.reason).toContain('written anew');
    }));
  });

  test('a chain that ends before a checkpoint', async () => {
    expect(await walk(records.slice(0, 7))).toMatchObject({
      intact: false,
      broken: { seq: 8, reason: 'missing: checkpoint at record 10' },
    });
    expect(await walk([])).toMatchObject({ intact: false, broken: { seq: 1 } });
  });

  test('any changed byte of a signature', async () => {
    const [first, second] = checkpoints;
    await fc.assert(fc.asyncProperty(fc.nat(first.jws.length - 1), fc.string(), async (at, put) => {
      const jws = first.jws.slice(0, at) + put + first.jws.slice(at + 1);
      const bits = (text: string) =>
        text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex')).join('.');
      // the last character of a part has bits that mean nothing
      fc.pre(bits(jws) !== bits(first.jws));
      const { intact, broken } = await walk(records, [{ ...first, jws }, second]);
      expect([intact, broken?.seq]).toEqual([false, 5]);
    }));
  });

  test('a checkpoint of another key, another record or another chain', async () => {
    const other = await SigningKey.generate();
    const sign = (by: SigningKey, statement: object, type = 'gatehouse-checkpoint+jwt') =>
      by.sign({ signed_at: '', ...statement }, type);
    const good = { chain: 'audit', seq: 5, hash: records[4].hash };
    const forged = async (jws: Promise<string>) =>
      (await walk(records, [{ chain: 'audit', seq: 5, jws: await jws }])).broken?.reason;
    expect(await forged(sign(key, good))).toBeUndefined();
    expect(await forged(sign(other, good))).toContain('unknown key');
    expect(await forged(sign(key, { ...good, seq: 6 }))).toContain('another record');
    expect(await forged(sign(key, { ...good, chain: 'ledger' }))).toContain('another record');
    expect(await forged(sign(key, { ...good, hash: GENESIS }))).toContain('written anew');
    expect(await forged(sign(key, good, 'other+jwt'))).toContain('does not hold');
    const both = keys.with(await KeySet.of(other.jwk));
    const jws = await sign(other, good);
    expect(await walk(records, [{ chain: 'audit', seq: 5, jws }], both)).toMatchObject({
      intact: true,
    });
  });
});

test('fields cannot be shifted into one another', () => {
  const base = { seq: 1, timeMs: 1, previous: GENESIS };
  expect(hashOf('audit', { ...base, topic: 'a\nb', body: 'c' })).toBeUndefined();
  expect(hashOf('audit', { ...base, topic: 'a', body: 'b\nc' })).toBeUndefined();
});

test('the tail is signed once and again when it has grown', async () => {
  const own = SqliteStore.open(':memory:');
  const signer = new Checkpoints(own, key, () => 0);
  await signer.sign();
  await own.append([draft('a')]);
  await signer.sign();
  await signer.sign();
  // at the next start
  await new Checkpoints(own, key, () => 0).sign();
  expect((await own.checkpoints('audit')).map(({ seq }) => seq)).toEqual([1]);
  await own.append([draft('b')]);
  await signer.sign();
  expect((await own.checkpoints('audit')).map(({ seq }) => seq)).toEqual([1, 2]);
});

describe('a chain whose first records were deleted', () => {
  const rest = () => records.slice(7);
  const start = (type: typeof START_TYPE | typeof CHECKPOINT_TYPE = START_TYPE, by = key) =>
    signed('audit', records[6], type, by, 0);
  const later = () => checkpoints.filter(({ seq }) => seq > 7);

  test('is intact from there on when the installation has signed that', async () => {
    expect(await walk(rest(), [await start(), ...later()])).toEqual({
      chain: 'audit',
      intact: true,
      prunedTo: 7,
      records: LENGTH - 7,
      lastHash: records[LENGTH - 1].hash,
      checkpoints: 1,
      signedTo: 10,
    });
  });

  test('is broken when nobody has, somebody else has, or another statement is all there is', async () => {
    const other = await SigningKey.generate();
    const cases: [Checkpoint[], string][] = [
      [[], 'missing: the next one is 8'],
      [[await start(START_TYPE, other)], 'signed by an unknown key'],
      // an ordinary checkpoint, of which there are many, gives nobody leave to delete what is before it
      [[await start(CHECKPOINT_TYPE)], 'it is no gatehouse-chain-start+jwt'],
      [[{ ...await signed('audit', records[5], START_TYPE, key, 0), seq: 7 }], 'of another record'],
      [
        [{ ...await signed('ledger', records[6], START_TYPE, key, 0), chain: 'audit' }],
        'of another',
      ],
    ];
    for (const [statements, words] of cases) {
      const { intact, broken } = await walk(rest(), [...statements, ...later()]);
      expect([intact, broken?.seq]).toEqual([false, 1]);
      expect(broken?.reason).toContain(words);
    }
  });

  test('is broken when more is gone, something is changed, or what was deleted is there', async () => {
    const statements = [await start(), ...later()];
    expect((await walk(rest().slice(1), statements)).broken).toMatchObject({ seq: 1 });
    const changed = relinked(rest()).map((record, i) => ({ ...record, seq: i + 8 }));
    expect((await walk(changed, statements)).broken).toMatchObject({ seq: 8 });
    expect((await walk(records, statements)).broken).toMatchObject({ seq: 7 });
    expect((await walk([], statements)).intact).toBe(false);
  });
});
