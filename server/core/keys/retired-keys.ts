/**
 * Public halves of signing keys that sign no more: published for as long as results signed by them have to be
 * checked. Their private halves are gone. The list is signed by the key in force, so that nobody who can write
 * the folder, but has no key, can have one of his own published.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { ServerError } from '../errors.ts';

const FILE = 'verdict-signing-retired.json';
const FILE_MODE = 0o600;
const TYPE = 'gatehouse-retired-keys+jwt';
const ALGORITHM = 'ES256';
const MAX_KEYS = 1000;
const MAX_CHARACTERS = 1 << 20;
/** Base64url of 32 bytes. */
const Coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Of the key in force and of the one before: should a rotation break off between two files, one of them counts. */
const FileSchema = z.strictObject({ lists: z.array(z.string()).max(2) });
const ListSchema = z.strictObject({
  keys: z.array(z.strictObject({
    kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    x: Coordinate,
    y: Coordinate,
    retired: z.iso.datetime(),
  })).max(MAX_KEYS),
});

export interface RetiredKey {
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  /** Milliseconds since 1970. */
  readonly retiredMs: number;
}

/** The key that signs a list. */
interface Signer {
  readonly jwk: JWK;
  sign(payload: unknown, type: string): Promise<string>;
}

/**
 * Reads the text of the file.
 * @param current public key in force
 * @returns the oldest first; none when no list is signed by this key
 * @throws ServerError CONFIG_INVALID for what nobody of us has written
 */
export async function parseRetiredKeys(
  text: string,
  current: JWK,
  name: string,
): Promise<RetiredKey[]> {
  try {
    const list = readLists(text).find((list) => decodeProtectedHeader(list).kid === current.kid);
    if (list === undefined) return [];
    const { payload, protectedHeader } = await compactVerify(
      list,
      await importJWK(current, ALGORITHM),
      { algorithms: [ALGORITHM] },
    );
    if (protectedHeader.typ !== TYPE) throw new TypeError('of another type');
    const { keys } = ListSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
    return keys.map(({ retired, ...key }) => ({ ...key, retiredMs: Date.parse(retired) }));
  } catch {
    throw new ServerError('CONFIG_INVALID', `${name}: no list of retired keys that we have signed`);
  }
}

/** Throws anything. */
function readLists(text: string): string[] {
  if (text.length > MAX_CHARACTERS) throw new RangeError('too long');
  return FileSchema.parse(JSON.parse(text)).lists;
}

/** The retired keys of a folder, the oldest first; none without a file. @throws ServerError CONFIG_INVALID */
export async function readRetiredKeys(folder: string, current: JWK): Promise<RetiredKey[]> {
  const path = join(folder, FILE);
  return existsSync(path)
    ? await parseRetiredKeys(await readFile(path, 'utf8'), current, path)
    : [];
}

/**
 * Writes the list that is in force once `next` is.
 * @param current identifier of the key in force, whose list counts until then
 */
export async function writeRetiredKeys(
  folder: string,
  retired: readonly RetiredKey[],
  next: Signer,
  current: string,
): Promise<void> {
  const path = join(folder, FILE);
  const keys = retired.slice(-MAX_KEYS).map(({ retiredMs, ...key }) => ({
    ...key,
    retired: new Date(retiredMs).toISOString(),
  }));
  const before = existsSync(path) ? readLists(await readFile(path, 'utf8')) : [];
  const kept = before.filter((list) => decodeProtectedHeader(list).kid === current);
  const lists = [...kept, await next.sign({ keys }, TYPE)];
  const own = `${path}.${crypto.randomUUID()}.new`;
  await writeFile(own, `${JSON.stringify({ lists })}\n`, { mode: FILE_MODE, flush: true });
  await rename(own, path);
}
