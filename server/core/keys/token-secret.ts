/**
 * What takes the place of a passphrase where there is a PKCS #11 token: 256 random bits, kept beside the key files
 * encrypted for an RSA key of the token (RSA-OAEP, RFC 8017 7.1), which alone can open them.
 */
import { constants, publicEncrypt, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ServerError } from '../errors.ts';
import type { OaepHash } from '../pkcs11/structures.ts';
import { Token, type TokenSettings } from '../pkcs11/token.ts';
import { readGivenKey } from './given-key.ts';

const FILE = 'token-secret.json';
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const SECRET_BYTES = 32;

/** RFC 7518 4.3, the better one first. SHA-1 is sound in OAEP, and for some tokens the only one. */
const HASHES = { 'RSA-OAEP-256': 'sha256', 'RSA-OAEP': 'sha1' } as const satisfies Record<
  string,
  OaepHash
>;
type Algorithm = keyof typeof HASHES;

const FileSchema = z.strictObject({
  format: z.literal(1),
  /** Label of the key on the token. */
  key: z.string(),
  algorithm: z.enum(Object.keys(HASHES) as [Algorithm, ...Algorithm[]]),
  secret: z.base64(),
});
type Wrapped = z.output<typeof FileSchema>;

/** What the tool of the token, or this program, has made of a key. */
export interface TokenKey {
  readonly bits: number;
  readonly algorithm: Algorithm;
}

export function tokenSecretPath(folder: string): string {
  return join(folder, FILE);
}

/**
 * The secret of a folder, as a passphrase; undefined when there is none.
 * @throws ServerError CONFIG_INVALID when the file or a setting of the token is wrong
 */
export function openTokenSecret(folder: string, settings: TokenSettings): string | undefined {
  const path = tokenSecretPath(folder);
  if (!existsSync(path)) return undefined;
  const wrapped = readWrapped(path, settings);
  return Token.use(settings, (token) => asPassphrase(open(token, wrapped, path)));
}

/** The same; made first when there is none. Of two processes that make it at once, one has its way. */
export async function openOrMakeTokenSecret(
  folder: string,
  settings: TokenSettings,
): Promise<string> {
  const known = openTokenSecret(folder, settings);
  if (known !== undefined) return known;
  const path = tokenSecretPath(folder);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const secret = randomBytes(SECRET_BYTES);
  const own = await writeBeside(
    path,
    Token.use(settings, (token) => wrap(token, settings, secret)),
  );
  try {
    await link(own, path);
    return asPassphrase(secret);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    return openTokenSecret(folder, settings) ?? asPassphrase(secret);
  } finally {
    await unlink(own);
  }
}

/**
 * Encrypts the secret, which stays the same, for another key of the token.
 * @param key its label
 * @throws ServerError CONFIG_INVALID
 */
export async function rewrapTokenSecret(
  folder: string,
  settings: TokenSettings,
  key: string,
): Promise<void> {
  const path = tokenSecretPath(folder);
  const wrapped = readWrapped(path, settings);
  const secret = Token.use(settings, (token) => open(token, wrapped, path));
  const next = { ...settings, key };
  await rename(
    await writeBeside(path, Token.use(next, (token) => wrap(token, next, secret))),
    path,
  );
}

/** Looks whether the key of the token does what is asked of it. @throws ServerError CONFIG_INVALID */
export function tryTokenKey(settings: TokenSettings): TokenKey {
  return Token.use(settings, (token) => {
    const { algorithm } = wrap(token, settings, randomBytes(SECRET_BYTES));
    return { algorithm, bits: token.publicKey().asymmetricKeyDetails?.modulusLength ?? 0 };
  });
}

/** Encrypts for the key of a token with the best hash that it opens again. */
function wrap(token: Token, { key: label }: TokenSettings, secret: Uint8Array): Wrapped {
  const key = token.publicKey();
  let refusal: unknown;
  for (const [name, oaepHash] of Object.entries(HASHES)) {
    const encrypted = publicEncrypt(
      { key, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING },
      secret,
    );
    try {
      const same = Buffer.from(secret).equals(token.open(encrypted, oaepHash));
      if (!same) throw wrongKey(label);
      const algorithm = name as Algorithm;
      return { format: 1, key: label, algorithm, secret: encrypted.toString('base64') };
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

function open(token: Token, { algorithm, secret: encrypted, key }: Wrapped, path: string) {
  const secret = token.open(Buffer.from(encrypted, 'base64'), HASHES[algorithm]);
  if (secret.length === SECRET_BYTES) return secret;
  throw new ServerError('CONFIG_INVALID', `${path}: what ${key} opens is no secret of ours`);
}

function readWrapped(path: string, { key }: TokenSettings): Wrapped {
  let parsed: ReturnType<typeof FileSchema.safeParse> | undefined;
  const text = readGivenKey(path, path);
  try {
    parsed = FileSchema.safeParse(JSON.parse(text));
  } catch {
    // said below
  }
  if (!parsed?.success) throw new ServerError('CONFIG_INVALID', `${path}: no secret of a token`);
  if (parsed.data.key === key) return parsed.data;
  throw new ServerError(
    'CONFIG_INVALID',
    `keys.pkcs11_key: ${key}: ${path} is encrypted for ${parsed.data.key}; "gatehouse keys token rewrap" changes that`,
  );
}

function wrongKey(label: string): ServerError {
  return new ServerError(
    'CONFIG_INVALID',
    `keys.pkcs11_key: ${label}: its halves do not belong together`,
  );
}

function asPassphrase(secret: Uint8Array): string {
  return Buffer.from(secret).toString('base64url');
}

/** @returns the path of a new file on the same file system */
async function writeBeside(path: string, wrapped: Wrapped): Promise<string> {
  const own = `${path}.${crypto.randomUUID()}.new`;
  await writeFile(own, `${JSON.stringify(wrapped, null, 2)}\n`, { mode: FILE_MODE, flush: true });
  return own;
}
