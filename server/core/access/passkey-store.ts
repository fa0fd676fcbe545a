/** Passkeys of administrators: public keys, names and counters. None outlives its administrator. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { CredentialState } from '../webauthn/assertion.ts';
import type { Algorithm } from '../webauthn/public-key.ts';
import type { Credential } from '../webauthn/registration.ts';
import type { AccessDatabase } from './access-database.ts';

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
  readonly #access: AccessDatabase;

  constructor(access: AccessDatabase) {
    this.#access = access;
  }

  /** Of an administrator, the oldest first. */
  async list(admin: string): Promise<Passkey[]> {
    const sql = 'SELECT * FROM passkey WHERE admin = ? ORDER BY created_ms, id';
    return (await this.#access.all<Row>(sql, admin)).map(passkeyOf);
  }

  async find(id: Uint8Array): Promise<Passkey | undefined> {
    const row = await this.#access.one<Row>('SELECT * FROM passkey WHERE id = ?', id);
    return row === undefined ? undefined : passkeyOf(row);
  }

  /** What authenticators know an administrator by; made when it is first asked for. */
  async handleOf(admin: string): Promise<Uint8Array> {
    const handle = randomBytes(HANDLE_BYTES);
    const sql = 'INSERT INTO passkey_user VALUES (?, ?) ON CONFLICT DO NOTHING';
    const made = await this.#access.run(sql, admin, handle) > 0;
    return made ? handle : await this.#handle(admin) ?? handle;
  }

  async isHandleOf(admin: string, handle: Uint8Array): Promise<boolean> {
    const known = await this.#handle(admin);
    return known !== undefined && known.length === handle.length && timingSafeEqual(known, handle);
  }

  async #handle(admin: string): Promise<Uint8Array | undefined> {
    const sql = 'SELECT handle FROM passkey_user WHERE admin = ?';
    return (await this.#access.one<{ handle: Uint8Array }>(sql, admin))?.handle;
  }

  /** @returns false when there is one of that identifier, whosever it is, or too many of this administrator */
  async add(
    admin: string,
    name: string,
    credential: Credential,
    nowMs: number,
  ): Promise<boolean> {
    const { id, algorithm, publicKey, counter, backupEligible, backedUp } = credential;
    if ((await this.list(admin)).length >= MAX_PASSKEYS) return false;
    const sql = `INSERT INTO passkey VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
      ON CONFLICT DO NOTHING`;
    const added = await this.#access.run(
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
    );
    return added > 0;
  }

  /**
   * Notes a sign-in.
   * @param before counter that the sign-in was checked against
   * @returns false when another sign-in came between, or the passkey is gone
   */
  async use(
    id: Uint8Array,
    before: number,
    { counter, backedUp }: CredentialState,
    nowMs: number,
  ): Promise<boolean> {
    const sql =
      'UPDATE passkey SET counter = ?, backed_up = ?, used_ms = ? WHERE id = ? AND counter = ?';
    return await this.#access.run(sql, counter, Number(backedUp), nowMs, id, before) > 0;
  }

  /** @returns false when the administrator has none of that identifier */
  async remove(admin: string, id: Uint8Array): Promise<boolean> {
    return await this.#access.run('DELETE FROM passkey WHERE id = ? AND admin = ?', id, admin) > 0;
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
