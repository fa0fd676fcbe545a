/**
 * Administrators of the console: a password (argon2id) and a secret for one-time passwords each. The secret is
 * encrypted under a key made of the password, so that whoever steals the file has neither factor.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { AccessDatabase } from './access-database.ts';
import { matchingStep, TOTP_SECRET_BYTES } from './totp.ts';

export const ADMIN_NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** OWASP Password Storage Cheat Sheet, 2023, asks for 19 MiB and two passes at least. */
const ARGON2 = { algorithm: 'argon2id', memoryCost: 65_536, timeCost: 3 } as const;
/** The same source: N = 2^15, r = 8, p = 3; memory is 128 x N x r bytes. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 } as const;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const CIPHER = 'aes-256-gcm';

const derive = promisify(scrypt) as (
  password: string,
  salt: Uint8Array,
  length: number,
  options: typeof SCRYPT,
) => Promise<Uint8Array>;

const REMOVE = 'DELETE FROM admin WHERE name = ?';

interface Row {
  name: string;
  password_hash: string;
  totp: Uint8Array;
  last_step: number;
}

export class AdminStore {
  readonly #access: AccessDatabase;
  /** Somebody who is not there, so that asking for nobody takes as long. */
  #nobody: Promise<Row> | undefined;

  constructor(access: AccessDatabase) {
    this.#access = access;
  }

  /** Whether there is an administrator. */
  async any(): Promise<boolean> {
    return await this.#access.one('SELECT 1 FROM admin LIMIT 1') !== undefined;
  }

  /** Names in order, with the time of the last change of each. */
  async list(): Promise<{ name: string; changedMs: number }[]> {
    return await this.#access.all(
      'SELECT name, changed_ms AS "changedMs" FROM admin ORDER BY name',
    );
  }

  async has(name: string): Promise<boolean> {
    return await this.#access.one('SELECT 1 FROM admin WHERE name = ?', name) !== undefined;
  }

  /**
   * Sets password and secret of an administrator, who is added or replaced; sessions end.
   * @returns the secret for one-time passwords
   */
  async put(name: string, password: string, nowMs: number): Promise<Uint8Array> {
    const secret = randomBytes(TOTP_SECRET_BYTES);
    const row = await newRow(name, password, secret);
    await this.#access.batch([
      [REMOVE, name],
      [
        'INSERT INTO admin VALUES (?, ?, ?, ?, ?)',
        name,
        row.password_hash,
        row.totp,
        row.last_step,
        nowMs,
      ],
    ]);
    return secret;
  }

  /**
   * Puts another password in the place of one, which the secret for codes is encrypted under from then on. All
   * sessions of the administrator end.
   * @returns false when the password was another one, or is by now
   */
  async changePassword(
    name: string,
    current: string,
    next: string,
    nowMs: number,
  ): Promise<boolean> {
    const before = await this.#access.one<Row>('SELECT * FROM admin WHERE name = ?', name);
    const secret = before === undefined ? undefined : await unseal(before.totp, current);
    if (before === undefined || secret === undefined) return false;
    const { password_hash: hash, totp } = await newRow(name, next, secret);
    await this.#access.batch([
      [
        'UPDATE admin SET password_hash = ?, totp = ?, changed_ms = ? WHERE name = ? AND password_hash = ?',
        hash,
        totp,
        nowMs,
        name,
        before.password_hash,
      ],
      ['DELETE FROM session WHERE admin = ?', name],
    ]);
    const sql = 'SELECT 1 FROM admin WHERE name = ? AND password_hash = ?';
    return await this.#access.one(sql, name, hash) !== undefined;
  }

  /** @returns false when there is none of that name */
  async remove(name: string): Promise<boolean> {
    return await this.#access.run(REMOVE, name) > 0;
  }

  /**
   * Whether password and code are those of an administrator. Every outcome takes as long, whatever was wrong,
   * and a code counts once (RFC 6238 5.2).
   */
  async verify(name: string, password: string, code: string, nowMs: number): Promise<boolean> {
    const known = await this.#access.one<Row>('SELECT * FROM admin WHERE name = ?', name);
    const nobody = await (this.#nobody ??= newRow(
      '',
      randomBytes(KEY_BYTES).toString('hex'),
      randomBytes(TOTP_SECRET_BYTES),
    ));
    const row = known ?? nobody;
    const passwordHolds = await Bun.password.verify(password, row.password_hash);
    const secret = await unseal(row.totp, password);
    const step = matchingStep(secret ?? randomBytes(TOTP_SECRET_BYTES), code, nowMs);
    if (known === undefined || !passwordHolds || secret === undefined || step === undefined) {
      return false;
    }
    const sql = 'UPDATE admin SET last_step = ?1 WHERE name = ?2 AND last_step < ?1';
    return await this.#access.run(sql, step, name) > 0;
  }
}

async function newRow(name: string, password: string, secret: Uint8Array): Promise<Row> {
  const [password_hash, totp] = await Promise.all([
    Bun.password.hash(password, ARGON2),
    seal(secret, password),
  ]);
  return { name, password_hash, totp, last_step: 0 };
}

/** Salt, initialisation vector, tag, ciphertext. */
async function seal(secret: Uint8Array, password: string): Promise<Uint8Array> {
  const salt = randomBytes(SALT_BYTES), iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, await derive(password, salt, KEY_BYTES, SCRYPT), iv);
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([salt, iv, cipher.getAuthTag(), sealed]);
}

/** Undefined when the password is another. */
async function unseal(sealed: Uint8Array, password: string): Promise<Uint8Array | undefined> {
  const salt = sealed.subarray(0, SALT_BYTES);
  const iv = sealed.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES);
  const tag = sealed.subarray(SALT_BYTES + IV_BYTES, SALT_BYTES + IV_BYTES + TAG_BYTES);
  const key = await derive(password, salt, KEY_BYTES, SCRYPT);
  try {
    const decipher = createDecipheriv(CIPHER, key, iv);
    decipher.setAuthTag(tag);
    const rest = sealed.subarray(SALT_BYTES + IV_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(rest), decipher.final()]);
  } catch {
    return undefined;
  }
}
