/** The API keys of an installation, as entries without their secrets: made, found, revoked, replaced. */
import type { AccessDatabase, AccessStatement } from './access-database.ts';
import { type NewKey, newKey, type PresentedKey, sameKey } from './key-format.ts';
import { type Rate, readRate } from './rate.ts';
import { isScope, type Scope } from './scopes.ts';

/** What a key is made of. */
export interface KeyTerms {
  /** Of the client; several keys may have the same one. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly rate: Rate | undefined;
  readonly expiresMs: number | undefined;
}

export interface KeyEntry extends KeyTerms {
  readonly id: string;
  /** Milliseconds since 1970, like all times here. */
  readonly createdMs: number;
  readonly revokedMs: number | undefined;
}

/** A key on the day it is made: the only time that its text is there. */
export interface IssuedKey {
  readonly entry: KeyEntry;
  readonly text: string;
}

export type KeyStatus = 'valid' | 'expired' | 'revoked';

/** For logs and lists, so it must fit in a line. */
export const KEY_NAME = /^[A-Za-z0-9._-]{1,64}$/;

interface Row {
  id: string;
  name: string;
  digest: Uint8Array;
  scopes: string;
  rate: string | null;
  created_ms: number;
  expires_ms: number | null;
  revoked_ms: number | null;
}

export class KeyStore {
  readonly #access: AccessDatabase;

  constructor(access: AccessDatabase) {
    this.#access = access;
  }

  /** Whether a key was ever made, be it expired or revoked: what was closed once does not open by itself. */
  async any(): Promise<boolean> {
    return await this.#access.one('SELECT 1 FROM api_key LIMIT 1') !== undefined;
  }

  /** The entry of a key that is genuine, whether or not it still counts; takes as long where there is none. */
  async find(key: PresentedKey): Promise<KeyEntry | undefined> {
    const row = await this.#access.one<Row>('SELECT * FROM api_key WHERE id = ?', key.id);
    return sameKey(key, row?.digest) && row !== undefined ? entryOf(row) : undefined;
  }

  /** All entries, the oldest first. */
  async list(): Promise<KeyEntry[]> {
    const sql = 'SELECT * FROM api_key ORDER BY created_ms, id';
    return (await this.#access.all<Row>(sql)).map(entryOf);
  }

  /** The entries that an identifier or the name of a client stands for. */
  async matching(idOrName: string): Promise<KeyEntry[]> {
    return (await this.list()).filter(({ id, name }) => id === idOrName || name === idOrName);
  }

  async create(terms: KeyTerms, nowMs: number, key: NewKey = newKey()): Promise<IssuedKey> {
    await this.#access.run(...insertion(terms, nowMs, key));
    return issued(terms, nowMs, key);
  }

  /** @returns false when it was revoked before */
  async revoke(id: string, nowMs: number): Promise<boolean> {
    const sql = 'UPDATE api_key SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL';
    return await this.#access.run(sql, nowMs, id) > 0;
  }

  /** Puts a key in the place of another, which is good for `overlapMs` more. */
  async replace(
    old: KeyEntry,
    terms: KeyTerms,
    overlapMs: number,
    nowMs: number,
    key: NewKey = newKey(),
  ): Promise<IssuedKey> {
    const sql = `UPDATE api_key SET expires_ms = ?1
      WHERE id = ?2 AND (expires_ms IS NULL OR expires_ms > ?1)`;
    await this.#access.batch([
      [sql, nowMs + overlapMs, old.id],
      insertion(terms, nowMs, key),
    ]);
    return issued(terms, nowMs, key);
  }
}

function insertion(
  { name, scopes, rate, expiresMs }: KeyTerms,
  nowMs: number,
  { id, digest }: NewKey,
): AccessStatement {
  return [
    'INSERT INTO api_key VALUES (?, ?, ?, ?, ?, ?, ?, NULL)',
    id,
    name,
    digest,
    scopes.join(' '),
    rate?.text ?? null,
    nowMs,
    expiresMs ?? null,
  ];
}

function issued(terms: KeyTerms, nowMs: number, { id, text }: NewKey): IssuedKey {
  return { entry: { ...terms, id, createdMs: nowMs, revokedMs: undefined }, text };
}

/** Terms of a key that takes the place of another: its own, for as long as it was made for. */
export function renewedTerms(old: KeyEntry, nowMs: number): KeyTerms {
  const { name, scopes, rate, createdMs, expiresMs } = old;
  const renewedMs = expiresMs === undefined ? undefined : nowMs + expiresMs - createdMs;
  return { name, scopes, rate, expiresMs: renewedMs };
}

export function keyStatus({ expiresMs, revokedMs }: KeyEntry, nowMs: number): KeyStatus {
  if (revokedMs !== undefined) return 'revoked';
  return expiresMs !== undefined && expiresMs <= nowMs ? 'expired' : 'valid';
}

/** A scope or rate that this program does not know is of another version: it opens nothing, and allows least. */
function entryOf(row: Row): KeyEntry {
  const rate = row.rate === null ? undefined : readRate(row.rate) ?? readRate('1/h');
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes.split(' ').filter(isScope),
    rate,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms ?? undefined,
    revokedMs: row.revoked_ms ?? undefined,
  };
}
