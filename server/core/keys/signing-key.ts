/**
 * The key that vouches for this installation's verdicts: an ECDSA key on P-256, kept in the data folder and
 * published as a JSON Web Key Set (RFC 7517), so that a verdict can be checked long after and elsewhere.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  CompactSign,
  type CryptoKey,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  type JWK,
} from 'jose';
import { ServerError } from '../errors.ts';
import { type KeyProtection, readKeyFile, readOrMakeKey, replaceKeyFile } from './key-files.ts';
import { readRetiredKeys, type RetiredKey, retireKey } from './retired-keys.ts';

/** ECDSA on P-256 with SHA-256 (RFC 7518 3.4): what every JOSE library can check. */
const ALGORITHM = 'ES256';
const SIGNING_KEY_FILE = 'verdict-signing.pem';
/** What all our keys have in common, for the set. */
const PUBLIC = { kty: 'EC', crv: 'P-256', alg: ALGORITHM, use: 'sig' } as const;

export class SigningKey {
  #key: CryptoKey;
  #jwk: JWK;
  #retired: readonly RetiredKey[];

  private constructor(key: CryptoKey, jwk: JWK, retired: readonly RetiredKey[]) {
    this.#key = key;
    this.#jwk = jwk;
    this.#retired = retired;
  }

  /** Names the key in headers and in the audit trail. */
  get keyId(): string {
    return this.jwk.kid ?? '';
  }

  /**
   * @param pem PKCS #8, unencrypted, of an ECDSA key on P-256
   * @param retired keys that it has taken the place of
   */
  static async fromPem(pem: string, retired: readonly RetiredKey[] = []): Promise<SigningKey> {
    const key = await importPKCS8(pem, ALGORITHM, { extractable: true });
    const { kty, crv, x, y } = await exportJWK(key);
    const jwk = { kty, crv, x, y };
    const kid = await calculateJwkThumbprint(jwk);
    return new SigningKey(key, { ...jwk, kid, alg: ALGORITHM, use: 'sig' }, retired);
  }

  /** A key that is stored nowhere. */
  static async generate(): Promise<SigningKey> {
    return await SigningKey.fromPem(await newPem());
  }

  /** Public key with `kid`, the thumbprint of RFC 7638. */
  get jwk(): JWK {
    return this.#jwk;
  }

  /** Public keys that results may be signed with: this one, and those retired less than `keepMs` ago. */
  published(nowMs: number, keepMs: number): JWK[] {
    const retired = this.#retired
      .filter(({ kid, retiredMs }) => kid !== this.#jwk.kid && nowMs - retiredMs < keepMs)
      .map(({ kid, x, y }) => ({ ...PUBLIC, kid, x, y }));
    return [this.#jwk, ...retired.toReversed()];
  }

  /** Signs with another key from now on. */
  replaceWith(next: SigningKey): void {
    this.#key = next.#key;
    this.#jwk = next.#jwk;
    this.#retired = next.#retired;
  }

  /**
   * Signs a JSON value.
   * @param type of the object, for the header `typ` (RFC 7515 4.1.9)
   * @returns a JWS in compact serialisation
   */
  async sign(payload: unknown, type: string): Promise<string> {
    const header = { alg: ALGORITHM, typ: type, kid: this.#jwk.kid };
    return await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader(header).sign(this.#key);
  }
}

async function newPem(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return await exportPKCS8(privateKey);
}

/**
 * The key of an installation; made and stored when there is none yet.
 * @param folder made with mode 0700 when it is missing
 * @throws ServerError CONFIG_INVALID when the file is no such key
 */
export async function openSigningKey(
  folder: string,
  protection: KeyProtection = {},
): Promise<SigningKey> {
  const path = join(folder, SIGNING_KEY_FILE);
  const [pem, retired] = await Promise.all([
    readOrMakeKey(path, newPem, protection),
    readRetiredKeys(folder),
  ]);
  return await signingKeyOf(pem, path, retired);
}

/**
 * The same, where a folder without a key stays without.
 * @throws ServerError CONFIG_INVALID when the file is no such key
 */
export async function findSigningKey(
  folder: string,
  protection: KeyProtection = {},
): Promise<SigningKey | undefined> {
  return existsSync(join(folder, SIGNING_KEY_FILE))
    ? await openSigningKey(folder, protection)
    : undefined;
}

async function signingKeyOf(
  pem: string,
  path: string,
  retired: readonly RetiredKey[],
): Promise<SigningKey> {
  try {
    return await SigningKey.fromPem(pem, retired);
  } catch {
    // what the library says of a key is not for the log
    throw new ServerError('CONFIG_INVALID', `${path}: no P-256 key in PKCS #8`);
  }
}

/**
 * Puts a new key in the place of the old one, whose private half is gone then.
 * @param publish whether the old key stays in the published set; not when somebody else may have it
 * @returns identifiers of the old and the new key
 * @throws ServerError CONFIG_INVALID when there is no key
 */
export async function rotateSigningKey(
  folder: string,
  protection: KeyProtection,
  { publish, nowMs }: { readonly publish: boolean; readonly nowMs: number },
): Promise<{ retired: string; current: string }> {
  const path = join(folder, SIGNING_KEY_FILE);
  const old = await signingKeyOf(await readKeyFile(path, protection), path, []);
  const pem = await newPem();
  const next = await SigningKey.fromPem(pem);
  // in this order: a crash in between leaves a key that is published twice, not one that nobody can check
  if (publish) await retireKey(folder, old.jwk, nowMs);
  await replaceKeyFile(path, pem, protection);
  return { retired: String(old.jwk.kid), current: String(next.jwk.kid) };
}
