/** Passkeys of administrators in the access file: public keys, names and counters. None outlives its administrator. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { CredentialState } from '../webauthn/assertion.ts';
import type { Algorithm } from '../webauthn/public-key.ts';
import type { Credential } from '../webauthn/registration.ts';
import type { AccessFile } from './access-file.ts';

/** WebAuthn Level 3, 5.4.3: says nothing of the person. */
const HANDLE_BYTES = 32;
/** Of one administrator; more is a mistake. */
export const MAX_PASSKEYS = 20;

export interface Passkey extends Credential {
  readonly admin: string;
  /** As its owner calls it. */
  readonly name: string;
  readonly createdMs: number;
  readonly usedMs: number | undefined;
}

interface Row {
  id: Uint8Array;
  admin: string;
  name: string;
  algorithm: number;
  public_key: Uint8Array;
  counter: number;
  backup_eligible: number;
  backed_up: number;
  created_ms: number;
  used_ms: number | null;
}

export class PasskeyStore {
  readonly #file: AccessFile;

  constructor(file: AccessFile) {
    this.#file = file;
  }

  /** Of an administrator, the oldest first. */
  list(admin: string): Passkey[] {
    const sql = 'SELECT * FROM passkey WHERE admin = ? ORDER BY created_ms, rowid';
    return this.#file.all<Row>(sql, admin).map(passkeyOf);
  }

  find(id: Uint8Array): Passkey | undefined {
    const row = this.#file.one<Row>('SELECT * FROM passkey WHERE id = ?', id);
    return row === undefined ? undefined : passkeyOf(row);
  }

  /** What authenticators know an administrator by; made when it is first asked for. */
  handleOf(admin: string): Uint8Array {
    return this.#file.transaction(() => {
      const known = this.#handle(admin);
      if (known !== undefined) return known;
      const handle = randomBytes(HANDLE_BYTES);
      this.#file.run('INSERT INTO passkey_user VALUES (?, ?)', admin, handle);
      return handle;
    });
  }

  isHandleOf(admin: string, handle: Uint8Array): boolean {
    const known = this.#handle(admin);
    return known !== undefined && known.length === handle.length && timingSafeEqual(known, handle);
  }

  #handle(admin: string): Uint8Array | undefined {
    const sql = 'SELECT handle FROM passkey_user WHERE admin = ?';
    return this.#file.one<{ handle: Uint8Array }>(sql, admin)?.handle;
  }

  /** @returns false when there is one of that identifier, whosever it is, or too many of this administrator */
  add(admin: string, name: string, credential: Credential, nowMs: number): boolean {
    const { id, algorithm, publicKey, counter, backupEligible, backedUp } = credential;
    const sql = `INSERT INTO passkey
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL
      WHERE (SELECT count(*) FROM passkey WHERE admin = ?2) < ?10
      ON CONFLICT DO NOTHING`;
    const added = this.#file.run(
      sql,
      id,
      admin,
      name,
      algorithm,
      publicKey,
      counter,
      Number(backupEligible),
      Number(backedUp),
      nowMs,
      MAX_PASSKEYS,
    );
    return added > 0;
  }

  /**
   * Notes a sign-in.
   * @param before counter that the sign-in was checked against
   * @returns false when another sign-in came between, or the passkey is gone
   */
  use(id: Uint8Array, before: number, { counter, backedUp }: CredentialState, nowMs: number) {
    const sql =
      'UPDATE passkey SET counter = ?, backed_up = ?, used_ms = ? WHERE id = ? AND counter = ?';
    return this.#file.run(sql, counter, Number(backedUp), nowMs, id, before) > 0;
  }

  /** @returns false when the administrator has none of that identifier */
  remove(admin: string, id: Uint8Array): boolean {
    return this.#file.run('DELETE FROM passkey WHERE id = ? AND admin = ?', id, admin) > 0;
  }
}

function passkeyOf(row: Row): Passkey {
  return {
    id: row.id,
    admin: row.admin,
    name: row.name,
    algorithm: row.algorithm as Algorithm,
    publicKey: row.public_key,
    counter: row.counter,
    backupEligible: row.backup_eligible === 1,
    backedUp: row.backed_up === 1,
    createdMs: row.created_ms,
    usedMs: row.used_ms ?? undefined,
  };
}
