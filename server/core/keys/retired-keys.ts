/**
 * Public halves of signing keys that sign no more: published for as long as results signed by them have to be
 * checked. Their private halves are gone.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { z } from 'zod';
import { ServerError } from '../errors.ts';

const FILE = 'verdict-signing-retired.json';
const FILE_MODE = 0o600;
const MAX_KEYS = 1000;
/** Base64url of 32 bytes. */
const Coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const RetiredSchema = z.strictObject({
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

/** Reads the text of the file. @throws ServerError CONFIG_INVALID */
export function parseRetiredKeys(text: string, name: string): RetiredKey[] {
  try {
    return RetiredSchema.parse(JSON.parse(text)).keys.map(({ retired, ...key }) => ({
      ...key,
      retiredMs: Date.parse(retired),
    }));
  } catch {
    throw new ServerError('CONFIG_INVALID', `${name}: no list of retired keys`);
  }
}

/** The retired keys of a folder, the oldest first; none without a file. @throws ServerError CONFIG_INVALID */
export async function readRetiredKeys(folder: string): Promise<RetiredKey[]> {
  const path = join(folder, FILE);
  try {
    return parseRetiredKeys(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/** Adds a key that is about to be replaced. */
export async function retireKey(folder: string, { kid, x, y }: JWK, nowMs: number): Promise<void> {
  const before = (await readRetiredKeys(folder)).filter((key) => key.kid !== kid);
  const keys = [...before, { kid, x, y, retiredMs: nowMs }].slice(-MAX_KEYS)
    .map(({ retiredMs, ...key }) => ({ ...key, retired: new Date(retiredMs).toISOString() }));
  const path = join(folder, FILE);
  const own = `${path}.${crypto.randomUUID()}.new`;
  await writeFile(own, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: FILE_MODE, flush: true });
  await rename(own, path);
}
