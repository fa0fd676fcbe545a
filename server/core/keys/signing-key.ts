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
import { readRetiredKeys, type RetiredKey, writeRetiredKeys } from './retired-keys.ts';

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

  /** @param pem PKCS #8, unencrypted, of an ECDSA key on P-256 */
  static async fromPem(pem: string): Promise<SigningKey> {
    const key = await importPKCS8(pem, ALGORITHM, { extractable: true });
    const { kty, crv, x, y } = await exportJWK(key);
    const jwk = { kty, crv, x, y };
    const kid = await calculateJwkThumbprint(jwk);
    return new SigningKey(key, { ...jwk, kid, alg: ALGORITHM, use: 'sig' }, []);
  }

  /** A key that is stored nowhere. */
  static async generate(): Promise<SigningKey> {
    return await SigningKey.fromPem(await newPem());
  }

  /** Public key with `kid`, the thumbprint of RFC 7638. */
  get jwk(): JWK {
    return this.#jwk;
  }

  /** Keys that this one has taken the place of, the oldest first. */
  get retired(): readonly RetiredKey[] {
    return this.#retired;
  }

  /** This key, which has taken the place of others. */
  after(retired: readonly RetiredKey[]): SigningKey {
    return new SigningKey(this.#key, this.#jwk, retired);
  }

  /** Public keys that results may be signed with: this one, and those retired less than `keepMs` ago. */
  published(nowMs: number, keepMs: number): JWK[] {
    const retired = this.#retired
      .filter(({ retiredMs }) => nowMs - retiredMs < keepMs)
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
  return await fromFile(await readOrMakeKey(path, newPem, protection), folder);
}

/**
 * The same, where a folder without a key stays without.
 * @throws ServerError CONFIG_INVALID when the file is no such key
 */
export async function findSigningKey(
  folder: string,
  protection: KeyProtection = {},
): Promise<SigningKey | undefined> {
  const path = join(folder, SIGNING_KEY_FILE);
  if (!existsSync(path)) return undefined;
  return await fromFile(await readKeyFile(path, protection), folder);
}

/** The key with those it has taken the place of. */
async function fromFile(pem: string, folder: string): Promise<SigningKey> {
  let key: SigningKey;
  try {
    key = await SigningKey.fromPem(pem);
  } catch {
    // what the library says of a key is not for the log
    const path = join(folder, SIGNING_KEY_FILE);
    throw new ServerError('CONFIG_INVALID', `${path}: no P-256 key in PKCS #8`);
  }
  return key.after(await readRetiredKeys(folder, key.jwk));
}

/**
 * Puts a new key in the place of the old one, whose private half is gone then.
 * @param publish whether the old key stays in the published set; not when somebody else may have it
 * @returns identifiers of the old and the new key
 * @throws ServerError CONFIG_INVALID also when there is no key yet
 */
export async function rotateSigningKey(
  folder: string,
  protection: KeyProtection,
  { publish, nowMs }: { readonly publish: boolean; readonly nowMs: number },
): Promise<{ retired: string; current: string }> {
  const path = join(folder, SIGNING_KEY_FILE);
  const old = await fromFile(await readKeyFile(path, protection), folder);
  const pem = await newPem();
  const next = await SigningKey.fromPem(pem);
  const { kid = '', x = '', y = '' } = old.jwk;
  const retired = publish ? [...old.retired, { kid, x, y, retiredMs: nowMs }] : old.retired;
  // the list first: until the new key is in its place, that of the old key counts
  await writeRetiredKeys(folder, retired, next, old.keyId);
  await replaceKeyFile(path, pem, protection);
  return { retired: old.keyId, current: next.keyId };
}
