/**
 * Sessions of administrators: 256 random bits in a cookie, their SHA-256 beside the administrators. A session ends when
 * nobody has used it for a while, and at a fixed time after its beginning.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessDatabase } from './access-database.ts';
import { digestOfSecret } from './secret-digest.ts';

const ID_BYTES = 32;
/** Ten sessions are told apart by less. */
const HANDLE_BYTES = 8;
const ID = /^[A-Za-z0-9_-]{43}$/;
export const IDLE_MS = 15 * 60_000;
export const LONGEST_MS = 12 * 3_600_000;
/** A use is written down at most this often. */
const SEEN_MS = 30_000;
/** Of one administrator; the oldest goes. */
const MAX_SESSIONS = 10;

export interface Session {
  /** What the cookie has. */
  readonly id: string;
  readonly admin: string;
  /** When it ends at the latest, used or not, in milliseconds since 1970. */
  readonly endsMs: number;
}

/** What somebody logs in with. */
export type Way = 'password' | 'passkey';

/** A session as its administrator may see it, without what the cookie has. */
export interface SessionEntry {
  /** Names it among those of the administrator: the beginning of the hash, in hex. */
  readonly handle: string;
  readonly createdMs: number;
  /** Within half a minute. */
  readonly seenMs: number;
  readonly by: Way;
  /** Where the login came from, as far as it was known. */
  readonly address: string | undefined;
}

interface Row {
  digest: Uint8Array;
  admin: string;
  created_ms: number;
  seen_ms: number;
  begun_by: Way;
  address: string | null;
}

export class Sessions {
  readonly #access: AccessDatabase;

  constructor(access: AccessDatabase) {
    this.#access = access;
  }

  async begin(
    admin: string,
    nowMs: number,
    by: Way = 'password',
    address?: string,
  ): Promise<Session> {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const digest = digestOfSecret(id);
    await this.#access.batch([
      [
        'DELETE FROM session WHERE seen_ms <= ? OR created_ms <= ?',
        nowMs - IDLE_MS,
        nowMs - LONGEST_MS,
      ],
      // before the new one, which so cannot be the one that goes
      [
        `DELETE FROM session WHERE admin = ?1 AND digest NOT IN (
          SELECT digest FROM session WHERE admin = ?1 ORDER BY created_ms DESC LIMIT ?2
        )`,
        admin,
        MAX_SESSIONS - 1,
      ],
      [
        'INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)',
        digest,
        admin,
        nowMs,
        nowMs,
        by,
        address ?? null,
      ],
    ]);
    return { id, admin, endsMs: nowMs + LONGEST_MS };
  }

  /** The session of an identifier, which counts as used; undefined when there is none or it has ended. */
  use(id: string, nowMs: number): Promise<Session | undefined> {
    return this.#find(id, nowMs, true);
  }

  /** The same for what a page does by itself: it keeps no session alive that nobody uses. */
  look(id: string, nowMs: number): Promise<Session | undefined> {
    return this.#find(id, nowMs, false);
  }

  async #find(id: string, nowMs: number, used: boolean): Promise<Session | undefined> {
    if (!ID.test(id)) return undefined;
    const digest = digestOfSecret(id);
    const row = await this.#access.one<Row>('SELECT * FROM session WHERE digest = ?', digest);
    if (row === undefined) return undefined;
    const endsMs = row.created_ms + LONGEST_MS;
    if (nowMs >= endsMs || nowMs - row.seen_ms >= IDLE_MS) {
      await this.end(id);
      return undefined;
    }
    if (used && nowMs - row.seen_ms >= SEEN_MS) {
      await this.#access.run('UPDATE session SET seen_ms = ? WHERE digest = ?', nowMs, digest);
    }
    return { id, admin: row.admin, endsMs };
  }

  async end(id: string): Promise<void> {
    await this.#access.run('DELETE FROM session WHERE digest = ?', digestOfSecret(id));
  }

  /** Those of an administrator that have not ended, the newest first. */
  async list(admin: string, nowMs: number): Promise<SessionEntry[]> {
    const sql = `SELECT * FROM session WHERE admin = ? AND created_ms > ? AND seen_ms > ?
      ORDER BY created_ms DESC`;
    const rows = await this.#access.all<Row>(sql, admin, nowMs - LONGEST_MS, nowMs - IDLE_MS);
    return rows.map((row) => ({
      handle: handleOfDigest(row.digest),
      createdMs: row.created_ms,
      seenMs: row.seen_ms,
      by: row.begun_by,
      address: row.address ?? undefined,
    }));
  }

  /** Ends those of an administrator that have one of the handles. */
  async endAll(admin: string, handles: readonly string[]): Promise<void> {
    const sql = 'SELECT digest FROM session WHERE admin = ?';
    const rows = await this.#access.all<Pick<Row, 'digest'>>(sql, admin);
    await this.#access.batch(
      rows.filter(({ digest }) => handles.includes(handleOfDigest(digest)))
        .map(({ digest }) => ['DELETE FROM session WHERE digest = ?', digest]),
    );
  }
}

/** What a page proves with that it is ours: other sites have the cookie sent, but cannot read this. */
export function csrfToken(id: string): string {
  return createHmac('sha256', id).update('csrf').digest('base64url');
}

/** In constant time. */
export function isCsrfToken(id: string, given: string | null): boolean {
  const [expected, shown] = [csrfToken(id), given ?? ''].map(digestOfSecret);
  return timingSafeEqual(expected, shown);
}

/** What a list of sessions calls a session. */
export function handleOf({ id }: Session): string {
  return handleOfDigest(digestOfSecret(id));
}

function handleOfDigest(digest: Uint8Array): string {
  return Buffer.from(digest).toString('hex', 0, HANDLE_BYTES);
}
