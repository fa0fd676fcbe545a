/** Public keys that statements of an installation are checked with: a JSON Web Key Set (RFC 7517). */
import { compactVerify, type CryptoKey, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { ServerError } from '../errors.ts';

const KeySetSchema = z.object({
  keys: z.array(z.looseObject({
    kid: z.string().min(1),
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
  })).min(1).max(100),
});

/** What became of a signature. */
export type SignatureCheck =
  | { readonly ok: true; readonly payload: unknown; readonly kid: string }
  | { readonly ok: false; readonly reason: string };

export class KeySet {
  readonly #keys: ReadonlyMap<string, CryptoKey | Uint8Array>;

  private constructor(keys: ReadonlyMap<string, CryptoKey | Uint8Array>) {
    this.#keys = keys;
  }

  /** @param jwks each with `kid`, ECDSA on P-256 */
  static async of(...jwks: readonly JWK[]): Promise<KeySet> {
    const keys = await Promise.all(
      jwks.map(async (jwk) => [jwk.kid ?? '', await importJWK(jwk, 'ES256')] as const),
    );
    return new KeySet(new Map(keys));
  }

  /**
   * Reads the text of a key set, such as an installation publishes.
   * @param name stands for the file in messages
   * @throws ServerError CONFIG_INVALID
   */
  static async parse(text: string, name: string): Promise<KeySet> {
    try {
      return await KeySet.of(...KeySetSchema.parse(JSON.parse(text)).keys as JWK[]);
    } catch {
      throw new ServerError('CONFIG_INVALID', `${name}: no JSON Web Key Set with keys on P-256`);
    }
  }

  /** This set and another. */
  with(other: KeySet): KeySet {
    return new KeySet(new Map([...this.#keys, ...other.#keys]));
  }

  /**
   * Checks a JWS in compact serialisation.
   * @param type that its header must have as `typ`
   */
  async check(token: string, type: string): Promise<SignatureCheck> {
    try {
      const { kid = '', typ } = decodeProtectedHeader(token);
      if (typ !== type) return { ok: false, reason: `it is no ${type}` };
      const key = this.#keys.get(kid);
      if (key === undefined) return { ok: false, reason: 'it is signed by an unknown key' };
      const { payload } = await compactVerify(token, key, { algorithms: ['ES256'] });
      return { ok: true, payload: JSON.parse(new TextDecoder().decode(payload)), kid };
    } catch {
      return { ok: false, reason: 'its signature is not valid' };
    }
  }
}
