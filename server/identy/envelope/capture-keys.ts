/**
 * The key pairs of the capture envelope: RSA, made for this installation, the newest one published by
 * `/api/v1/pub_key`. Older ones stay in force until their files are removed, so that captures under way
 * when a key is changed still open.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerError } from '../../core/errors.ts';
import { type KeyProtection, readOrMakeKey } from '../../core/keys/key-files.ts';
import { KEY_ID_BYTES } from './format.ts';
import type { EnvelopeKey } from './open.ts';

/** Good beyond 2030 (NIST SP 800-57 part 1, table 4); 2048 would be too. */
const MODULUS_BITS = 3072;
const LEAST_MODULUS_BITS = 2048;
const MOST_MODULUS_BITS = 4096;
/** `capture-NUMBER.pem`; the highest number is the newest. */
const FILE_NAME = /^capture-(\d{1,9})\.pem$/;

export interface CaptureKey extends EnvelopeKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

export class CaptureKeys {
  #byId: ReadonlyMap<string, CaptureKey>;
  #current: CaptureKey;

  /** @param keys newest first, at least one */
  constructor(keys: readonly [CaptureKey, ...CaptureKey[]]) {
    this.#current = keys[0];
    this.#byId = new Map(keys.map((key) => [key.id, key]));
  }

  /** Of all keys in force, newest first. */
  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** The one that is published. */
  get current(): CaptureKey {
    return this.#current;
  }

  /** Puts other keys in force. */
  replaceWith(next: CaptureKeys): void {
    this.#byId = next.#byId;
    this.#current = next.#current;
  }

  find(id: string): CaptureKey | undefined {
    return this.#byId.get(id);
  }
}

async function newPem(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/**
 * Reads one key.
 * @param name stands for the file in messages
 * @throws ServerError CONFIG_INVALID when it is no RSA key of 2048 to 4096 bits
 */
function readCaptureKey(pem: string, name: string): CaptureKey {
  let privateKey;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new ServerError('CONFIG_INVALID', `${name}: no private key in PEM`);
  }
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (
    privateKey.asymmetricKeyType !== 'rsa' || bits < LEAST_MODULUS_BITS || bits > MOST_MODULUS_BITS
  ) {
    throw new ServerError('CONFIG_INVALID', `${name}: no RSA key of 2048 to 4096 bits`);
  }
  const spki = new Uint8Array(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  const id = createHash('sha256').update(spki).digest().subarray(0, KEY_ID_BYTES).toString('hex');
  return { id, privateKey, spki };
}

/**
 * All keys of a folder; one is made when there is none.
 * @throws ServerError CONFIG_INVALID naming the file that is no such key
 */
export async function openCaptureKeys(
  folder: string,
  protection: KeyProtection = {},
): Promise<CaptureKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [newest = 1, ...older] = await numbersIn(folder);
  const read = async (number: number) => {
    const path = pathOf(folder, number);
    return readCaptureKey(await readOrMakeKey(path, newPem, protection), path);
  };
  return new CaptureKeys([await read(newest), ...await Promise.all(older.map(read))]);
}

/** Newest first. */
async function numbersIn(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => FILE_NAME.exec(name)?.[1] ?? [])
    .map(Number).toSorted((a, b) => b - a);
}

function pathOf(folder: string, number: number): string {
  return join(folder, `capture-${number}.pem`);
}

/** Adds a key, which is the newest then. @returns its file */
export async function addCaptureKey(folder: string, protection: KeyProtection): Promise<string> {
  const [newest = 0] = await numbersIn(folder);
  const path = pathOf(folder, newest + 1);
  await readOrMakeKey(path, newPem, protection);
  return path;
}

/**
 * Removes the keys that were replaced longer ago than `keepMs`; never the newest.
 * @returns their files
 */
export async function pruneCaptureKeys(
  folder: string,
  keepMs: number,
  nowMs: number,
): Promise<string[]> {
  const removed: string[] = [];
  const [newest, ...older] = await numbersIn(folder);
  let next = newest;
  for (const number of older) {
    // a key was replaced when the next one was made
    const { mtimeMs } = await stat(pathOf(folder, next));
    if (nowMs - mtimeMs >= keepMs) {
      const path = pathOf(folder, number);
      await unlink(path);
      removed.push(path);
    }
    next = number;
  }
  return removed;
}
