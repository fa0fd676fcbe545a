/**
 * Makes a data folder of a backup that `saveDataFolder` has made. Everything is checked before anything is
 * written, and a folder that has something in it is left alone.
 */
import { lstat, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { dirname, join, relative } from 'node:path';
import { ServerError } from '../errors.ts';
import { OF_THE_VOLUME } from './backups.ts';
import { type Mark, MARK_FILE, readMark, writeMark } from './mark.ts';
import { sha256Of } from './save.ts';
import { MAX_SUMS_BYTES, readSums, type Sums, SUMS_FILE } from './sums.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export interface PutBack {
  readonly files: number;
  /** Of the data, which an older backup may have. */
  readonly format: number;
}

/**
 * @param backup a folder that `saveDataFolder` has made
 * @param folder empty, or none; the server must not run on it
 * @param newest the newest format the calling program understands
 * @throws ServerError BACKUP_INVALID when the backup is damaged or incomplete, DATA_FORMAT when it is too new
 *   or the folder is not empty
 */
export async function putBack(
  backup: string,
  folder: string,
  { newest, program }: { newest: number; program: string },
): Promise<PutBack> {
  const sums = await checkedSums(backup);
  const mark = await readMark(backup);
  if (mark === undefined) throw new ServerError('BACKUP_INVALID', `${backup}: no ${MARK_FILE}`);
  if (mark.format > newest) {
    throw new ServerError(
      'DATA_FORMAT',
      `the backup has format ${mark.format}, written by Gatehouse ${mark.writtenBy}; ` +
        `this is Gatehouse ${program}, which reads formats up to ${newest}`,
    );
  }
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const there = (await readdir(folder)).find((name) => name !== OF_THE_VOLUME);
  if (there !== undefined) {
    throw new ServerError('DATA_FORMAT', `${folder} is not empty: move what is in it elsewhere`);
  }
  await fill(folder, backup, sums, mark);
  return { files: sums.size, format: mark.format };
}

/** Until the mark is written, last of all, no program works on the folder. */
async function fill(folder: string, backup: string, sums: Sums, mark: Mark): Promise<void> {
  await writeMark(folder, { ...mark, unfinished: 'restore' });
  try {
    for (const [path, sum] of sums) {
      if (path === MARK_FILE) continue;
      const to = join(folder, path);
      await mkdir(dirname(to), { recursive: true, mode: FOLDER_MODE });
      await copyFlushed(join(backup, path), to);
      // what was checked before may have been changed since
      if (await sha256Of(to) !== sum) throw damaged(backup, path);
    }
    await writeMark(folder, mark);
  } catch (error) {
    for (const name of await readdir(folder)) {
      if (name !== OF_THE_VOLUME) await rm(join(folder, name), { recursive: true, force: true });
    }
    throw error;
  }
}

async function copyFlushed(from: string, to: string): Promise<void> {
  const file = await open(to, 'wx', FILE_MODE);
  await pipeline(createReadStream(from), file.createWriteStream({ flush: true }));
}

/** The list of a backup that has every file of it, and no other. */
async function checkedSums(backup: string): Promise<Sums> {
  const list = join(backup, SUMS_FILE);
  const found = await lstat(list).catch(() => undefined);
  if (!found?.isFile() || found.size > MAX_SUMS_BYTES) {
    throw new ServerError('BACKUP_INVALID', `${backup} is no backup: there is no ${SUMS_FILE}`);
  }
  const sums = readSums(await readFile(list, 'utf8'));
  const present = new Set<string>();
  for (const entry of await readdir(backup, { recursive: true, withFileTypes: true })) {
    const path = relative(backup, join(entry.parentPath, entry.name));
    if (entry.isDirectory() || path === SUMS_FILE) continue;
    if (!entry.isFile() || !sums.has(path)) {
      throw new ServerError('BACKUP_INVALID', `${backup}: ${path} is not of the backup`);
    }
    present.add(path);
  }
  for (const [path, sum] of sums) {
    if (!present.has(path)) {
      throw new ServerError('BACKUP_INVALID', `${backup}: ${path} is missing`);
    }
    if (await sha256Of(join(backup, path)) !== sum) throw damaged(backup, path);
  }
  return sums;
}

function damaged(backup: string, path: string): ServerError {
  return new ServerError('BACKUP_INVALID', `${backup}: ${path} is not what was backed up`);
}
