/**
 * Backs a data folder up while a server may use it: databases as SQLite sees them at one moment, all other
 * files as they stand when none of them changes, and the SHA-256 of each.
 */
import { Database } from 'bun:sqlite';
import { constants, existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { accessPath } from '../access/access-file.ts';
import { ServerError } from '../errors.ts';
import { recordsPath } from '../records.ts';
import { BACKUPS, OF_THE_VOLUME } from './backups.ts';
import { SUMS_FILE, writeSums } from './sums.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** What SQLite keeps beside a database; a copy made by SQLite needs none of it. */
const BESIDE_A_DATABASE = ['-wal', '-shm', '-journal'];
const DATABASES = [recordsPath, accessPath].map((path) => basename(path('')));
const NOT_COPIED: readonly string[] = [
  BACKUPS,
  OF_THE_VOLUME,
  ...DATABASES.flatMap((name) => [name, ...BESIDE_A_DATABASE.map((end) => name + end)]),
];
/** Files change when an operator imports or rotates something, which takes a moment. */
const ATTEMPTS = 20;
const PAUSE_MS = 250;

export interface Saved {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of the list of sums, which stands for all of it. */
  readonly sha256: string;
}

/**
 * @param folder a data folder of this program's format
 * @param into a folder that does not exist; it appears whole or not at all, for its owner alone
 * @throws ServerError BACKUP_INVALID when there is something, or it would be inside the data folder;
 *   STORAGE_FAILED when a database cannot be read, or files do not stop changing
 */
export async function saveDataFolder(folder: string, into: string): Promise<Saved> {
  if (existsSync(into)) throw new ServerError('BACKUP_INVALID', `${into} is there already`);
  const [from, above] = await Promise.all([realpath(folder), realpath(dirname(into))]);
  const path = relative(from, above);
  if (path === '' || path.split('/')[0] !== '..') {
    throw new ServerError('BACKUP_INVALID', `${into} is inside the data folder`);
  }
  const partial = `${into}.${process.pid}.partial`;
  await mkdir(partial, { mode: FOLDER_MODE });
  try {
    // records first: then the keys include all that their checkpoints are signed with
    for (const name of DATABASES) saveDatabase(join(from, name), join(partial, name));
    await saveFiles(from, partial);
    const saved = await writeList(partial);
    await rename(partial, into);
    return saved;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

function saveDatabase(from: string, to: string): void {
  if (!existsSync(from)) return;
  try {
    const database = new Database(from, { readwrite: true, create: false });
    try {
      database.query('VACUUM INTO ?').run(to);
    } finally {
      database.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError('STORAGE_FAILED', `${from}: ${reason}`, { cause });
  }
}

async function saveFiles(from: string, to: string): Promise<void> {
  let before = await stateOf(from);
  for (let attempt = 1;; attempt++) {
    try {
      for (const path of before.keys()) {
        await mkdir(dirname(join(to, path)), { recursive: true, mode: FOLDER_MODE });
        await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
      }
    } catch (error) {
      // a file that was replaced meanwhile
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const after = await stateOf(from);
    if (Bun.deepEquals(before, after)) return;
    if (attempt === ATTEMPTS) {
      throw new ServerError('STORAGE_FAILED', `${from}: its files do not stop changing`);
    }
    for (const path of before.keys()) await rm(join(to, path), { force: true });
    await Bun.sleep(PAUSE_MS);
    before = await stateOf(from);
  }
}

/** What tells one version of a file from the next, by path. Links to files are taken for the files. */
async function stateOf(folder: string): Promise<Map<string, string>> {
  const state = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    for (const entry of entries) {
      if (path === '' && NOT_COPIED.includes(entry.name)) continue;
      const below = join(path, entry.name);
      if (entry.isDirectory()) await visit(below);
      else if (entry.isFile() || entry.isSymbolicLink()) await note(below);
    }
  };
  const note = async (path: string): Promise<void> => {
    const found = await stat(join(folder, path), { bigint: true }).catch(() => undefined);
    if (found?.isFile()) state.set(path, `${found.ino} ${found.size} ${found.mtimeNs}`);
  };
  await visit('');
  return state;
}

async function writeList(folder: string): Promise<Saved> {
  const sums = new Map<string, string>();
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await chmod(path, FILE_MODE);
    bytes += (await stat(path)).size;
    sums.set(relative(folder, path), await sha256Of(path));
  }
  const list = writeSums(sums);
  await writeFile(join(folder, SUMS_FILE), list, { mode: FILE_MODE, flush: true });
  const sha256 = new Bun.CryptoHasher('sha256').update(list).digest('hex');
  return { files: sums.size, bytes, sha256 };
}

/** SHA-256 in lower-case hex, of a file of any size. */
export async function sha256Of(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher('sha256');
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk);
  return hash.digest('hex');
}
