/**
 * The .gpack archive: a plain POSIX ustar file (IEEE Std 1003.1, pax, "ustar Interchange Format").
 * Own code because Bun.Archive extracts whatever an archive holds, links and gzip included, and offers
 * no limits; this reads regular files only and never holds more than one of them.
 */
import { PackError } from './errors.ts';
import { isPackPath } from './manifest.ts';
import type { PackStorage } from './storage.ts';

/** Archives are made of blocks of this many bytes. */
export const BLOCK = 512;
const MAX_FILES = 2000;
const MAX_FILE_BYTES = 2 ** 31;
/** Writers fill the last record up to this size with zeros. */
const RECORD = 10_240;

/** Header fields: offset and length. */
const NAME = [0, 100] as const;
const MODE = [100, 8] as const;
const UID = [108, 8] as const;
const GID = [116, 8] as const;
const SIZE = [124, 12] as const;
const MTIME = [136, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE = 156;
const MAGIC = [257, 8] as const;
const PREFIX = [345, 155] as const;

const REGULAR = '0';
const DIRECTORY = '5';

interface Entry {
  readonly offset: number;
  readonly bytes: number;
}

export class ArchiveStorage implements PackStorage {
  readonly #file: Blob;
  #entries: Map<string, Entry> | undefined;

  constructor(file: Blob) {
    this.#file = file;
  }

  async list(): Promise<ReadonlyMap<string, number>> {
    const entries = await this.#index();
    return new Map([...entries].map(([path, { bytes }]) => [path, bytes]));
  }

  async read(path: string): Promise<Uint8Array> {
    const entry = (await this.#index()).get(path);
    if (entry === undefined) throw new PackError('PACK_FILE_MISSING', `the pack lacks ${path}`);
    return await this.#slice(entry.offset, entry.bytes);
  }

  async #index(): Promise<Map<string, Entry>> {
    return this.#entries ??= await this.#readHeaders();
  }

  async #slice(offset: number, length: number): Promise<Uint8Array> {
    if (offset + length > this.#file.size) throw malformed('the archive is cut off');
    return new Uint8Array(await this.#file.slice(offset, offset + length).arrayBuffer());
  }

  async #readHeaders(): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>();
    let at = 0;
    for (let count = 0; count <= MAX_FILES; count++) {
      const header = await this.#slice(at, BLOCK);
      at += BLOCK;
      if (header.every((byte) => byte === 0)) {
        await this.#expectEnd(at);
        return entries;
      }
      const { path, type, bytes } = readHeader(header);
      if (type === REGULAR) {
        if (entries.has(path)) throw malformed(`${path} occurs twice`);
        entries.set(path, { offset: at, bytes });
      }
      at += Math.ceil(bytes / BLOCK) * BLOCK;
    }
    throw malformed(`more than ${MAX_FILES} entries`);
  }

  /** A second empty block, and nothing but zeros to the end of the record. */
  async #expectEnd(at: number): Promise<void> {
    const rest = this.#file.size - at;
    if (rest < BLOCK || rest > RECORD) {
      throw malformed('the end of the archive is not where it should be');
    }
    const tail = await this.#slice(at, rest);
    if (tail.some((byte) => byte !== 0)) throw malformed('bytes behind the end of the archive');
  }
}

/** The length that a header claims for its file, unchecked but for being a number. */
export function claimedBytes(header: Uint8Array): number {
  return octal(header, SIZE);
}

function readHeader(header: Uint8Array): { path: string; type: string; bytes: number } {
  if (text(header, MAGIC) !== 'ustar\x0000') throw malformed('not a ustar archive');
  if (octal(header, CHECKSUM) !== checksum(header)) {
    throw malformed('a header has a wrong checksum');
  }
  const prefix = trimmed(header, PREFIX);
  const path = `${prefix === '' ? '' : `${prefix}/`}${trimmed(header, NAME)}`.replace(/^\.\//, '');
  const type = String.fromCharCode(header[TYPE]);
  const bytes = octal(header, SIZE);
  if (type === DIRECTORY && bytes === 0) return { path, type, bytes };
  if (type !== REGULAR) throw malformed(`${path} is not a regular file`);
  if (!isPackPath(path)) throw malformed('a file name is not a plain relative path');
  if (bytes > MAX_FILE_BYTES) throw malformed(`${path} claims ${bytes} bytes`);
  return { path, type, bytes };
}

/** The archive's bytes in order, one header or one file at a time; equal files give equal archives. */
export async function* archiveChunks(storage: PackStorage): AsyncGenerator<Uint8Array> {
  for (const path of [...(await storage.list()).keys()].sort()) {
    const bytes = await storage.read(path);
    if (!isPackPath(path) || path.length > NAME[1]) {
      throw malformed(`${path} cannot be named in an archive`);
    }
    yield archiveHeader(path, bytes.length);
    yield bytes;
    yield new Uint8Array((BLOCK - bytes.length % BLOCK) % BLOCK);
  }
  yield new Uint8Array(2 * BLOCK);
}

/**
 * The one header that an archive of ours has for a regular file: of nobody, of no date.
 * @param path at most 100 ASCII characters
 * @param bytes below 8 GiB
 */
export function archiveHeader(path: string, bytes: number, mode = 0o644): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const put = ([offset]: readonly [number, number], value: string) =>
    header.set(new TextEncoder().encode(value), offset);
  const number = (value: number, [, length]: readonly [number, number]) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  put(NAME, path);
  put(MODE, number(mode, MODE));
  put(UID, number(0, UID));
  put(GID, number(0, GID));
  put(SIZE, number(bytes, SIZE));
  put(MTIME, number(0, MTIME));
  put([TYPE, 1], REGULAR);
  put(MAGIC, 'ustar\x0000');
  put(CHECKSUM, `${checksum(header).toString(8).padStart(6, '0')}\0 `);
  return header;
}

/** Sum of the header's bytes, the checksum field read as spaces. */
function checksum(header: Uint8Array): number {
  const [start, length] = CHECKSUM;
  return header.reduce(
    (sum, byte, i) => sum + (i >= start && i < start + length ? 32 : byte),
    0,
  );
}

function text(header: Uint8Array, [offset, length]: readonly [number, number]): string {
  return String.fromCharCode(...header.subarray(offset, offset + length));
}

function trimmed(header: Uint8Array, field: readonly [number, number]): string {
  return text(header, field).replace(/\0.*$/s, '');
}

function octal(header: Uint8Array, field: readonly [number, number]): number {
  const digits = trimmed(header, field).trim();
  if (!/^[0-7]{1,11}$/.test(digits)) throw malformed('a header field is not an octal number');
  return parseInt(digits, 8);
}

function malformed(what: string): PackError {
  return new PackError('PACK_MALFORMED', `archive: ${what}`);
}
