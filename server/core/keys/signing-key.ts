/**
 * The key that vouches for this installation's verdicts: an ECDSA key on P-256, kept in the data folder and
 * published as a JSON Web Key Set (RFC 7517), so that a verdict can be checked long after and elsewhere.
 */
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
import { readOrMakeKey } from './key-files.ts';

/** ECDSA on P-256 with SHA-256 (RFC 7518 3.4): what every JOSE library can check. */
const ALGORITHM = 'ES256';
const KEY_FILE = 'verdict-signing.pem';

export class SigningKey {
  readonly #key: CryptoKey;
  /** Public key with `kid`, the thumbprint of RFC 7638. */
  readonly jwk: JWK;

  private constructor(key: CryptoKey, jwk: JWK) {
    this.#key = key;
    this.jwk = jwk;
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
    return new SigningKey(key, { ...jwk, kid, alg: ALGORITHM, use: 'sig' });
  }

  /** A key that is stored nowhere. */
  static async generate(): Promise<SigningKey> {
    return await SigningKey.fromPem(await newPem());
  }

  /**
   * Signs a JSON value.
   * @param type of the object, for the header `typ` (RFC 7515 4.1.9)
   * @returns a JWS in compact serialisation
   */
  async sign(payload: unknown, type: string): Promise<string> {
    const header = { alg: ALGORITHM, typ: type, kid: this.jwk.kid };
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
export async function openSigningKey(folder: string): Promise<SigningKey> {
  const path = join(folder, KEY_FILE);
  return await fromFile(await readOrMakeKey(path, newPem), path);
}

/**
 * The same, where a folder without a key stays without.
 * @throws ServerError CONFIG_INVALID when the file is no such key
 */
export async function findSigningKey(folder: string): Promise<SigningKey | undefined> {
  const path = join(folder, KEY_FILE);
  const file = Bun.file(path);
  return await file.exists() ? await fromFile(await file.text(), path) : undefined;
}

async function fromFile(pem: string, path: string): Promise<SigningKey> {
  try {
    return await SigningKey.fromPem(pem);
  } catch {
    // what the library says of a key is not for the log
    throw new ServerError('CONFIG_INVALID', `${path}: no P-256 key in PKCS #8`);
  }
}
