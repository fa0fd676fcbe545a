/**
 * Sessions of administrators: 256 random bits in a cookie, their SHA-256 beside the administrators. A session ends when
 * nobody has used it for a while, and at a fixed time after its beginning.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessDatabase } from './access-database.ts';

const ID_BYTES = 32;
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

interface Row {
  admin: string;
  created_ms: number;
  seen_ms: number;
}

export class Sessions {
  readonly #access: AccessDatabase;

  constructor(access: AccessDatabase) {
    this.#access = access;
  }

  async begin(admin: string, nowMs: number): Promise<Session> {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const digest = digestOf(id);
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
      ['INSERT INTO session VALUES (?, ?, ?, ?)', digest, admin, nowMs, nowMs],
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
    const digest = digestOf(id);
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
    await this.#access.run('DELETE FROM session WHERE digest = ?', digestOf(id));
  }
}

/** What a page proves with that it is ours: other sites have the cookie sent, but cannot read this. */
export function csrfToken(id: string): string {
  return createHmac('sha256', id).update('csrf').digest('base64url');
}

/** In constant time. */
export function isCsrfToken(id: string, given: string | null): boolean {
  const [expected, shown] = [csrfToken(id), given ?? ''].map((text) =>
    createHash('sha256').update(text).digest()
  );
  return timingSafeEqual(expected, shown);
}

/** What finds a session has 256 random bits, so a plain hash does, as for API keys. */
function digestOf(id: string): Uint8Array {
  return createHash('sha256').update(id, 'ascii').digest();
}
