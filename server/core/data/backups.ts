/**
 * Backups of a data folder, inside it under `backups/`: made before its files are changed to another
 * format, put back when an older program is to run again.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';
import { copyContents } from './copy.ts';
import { type Mark, MARK_FILE, readMark, writeMark } from './mark.ts';

export const BACKUPS = 'backups';
/** Not ours: file systems keep it at the root of a volume. */
export const OF_THE_VOLUME = 'lost+found';
const APART: readonly string[] = [BACKUPS, OF_THE_VOLUME];
/** A backup that is still being written or put back starts so. */
const PARTIAL = '.partial-';
const NAME = /^format-(\d{1,6})-(\d{8}T\d{6}Z(?:-\d+)?)$/;
/** Private keys are among the files. */
const FOLDER_MODE = 0o700;

export interface Backup {
  /** Of the folder under `backups/`. */
  readonly name: string;
  /** Format of the data in it. */
  readonly format: number;
}

/** Oldest first. Copies of data that was left half way are none of them: no program can use those. */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = await readdir(join(folder, BACKUPS)).catch(() => []);
  return names.flatMap((name: string) => {
    const [, format, time] = NAME.exec(name) ?? [];
    return format === undefined ? [] : [{ name, format: Number(format), time }];
  }).sort((a, b) => a.time < b.time ? -1 : 1).map(({ name, format }) => ({ name, format }));
}

/**
 * Copies all data of the folder but its backups. A backup appears whole or not at all.
 * @returns its name
 */
export async function makeBackup(
  folder: string,
  { format, unfinished }: Pick<Mark, 'format' | 'unfinished'>,
  at: Date,
): Promise<string> {
  const backups = join(folder, BACKUPS);
  await mkdir(backups, { recursive: true, mode: FOLDER_MODE });
  const taken = await readdir(backups);
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const stem = `${unfinished === undefined ? 'format' : 'unfinished'}-${format}-${time}`;
  let name = stem;
  for (let i = 2; taken.includes(name); i++) name = `${stem}-${i}`;
  const partial = join(backups, `${PARTIAL}${name}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: FOLDER_MODE });
  await copyContents(folder, partial, APART);
  await rename(partial, join(backups, name));
  return name;
}

/**
 * Puts a backup back in the place of the data, which becomes a backup itself. The server must not run.
 * When it is cut off, the folder stays marked as unfinished, and restoring again ends it.
 * @param newest the newest format the calling program understands
 * @returns the name under which the data of before is kept
 * @throws ServerError DATA_FORMAT when there is no such backup or it is too new
 */
export async function restoreBackup(
  folder: string,
  name: string,
  { newest, program, at }: { newest: number; program: string; at: Date },
): Promise<string> {
  const backup = (await listBackups(folder)).find((candidate) => candidate.name === name);
  if (backup === undefined) throw new ServerError('DATA_FORMAT', `there is no backup ${name}`);
  if (backup.format > newest) {
    throw new ServerError(
      'DATA_FORMAT',
      `the backup has format ${backup.format}, Gatehouse ${program} reads up to ${newest}`,
    );
  }
  const current: Mark = await readMark(folder) ?? { format: newest, writtenBy: program };
  const kept = await makeBackup(folder, current, at);
  const partial = join(folder, BACKUPS, `${PARTIAL}restore`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: FOLDER_MODE });
  await copyContents(join(folder, BACKUPS, name), partial);

  await writeMark(folder, { ...current, unfinished: 'restore' });
  for (const entry of await readdir(folder)) {
    if (entry === MARK_FILE || APART.includes(entry)) continue;
    await rm(join(folder, entry), { recursive: true });
  }
  for (const entry of await readdir(partial)) {
    if (entry !== MARK_FILE) await rename(join(partial, entry), join(folder, entry));
  }
  // The mark goes last: with it the folder is whole.
  await writeMark(folder, await readMark(partial) ?? { format: backup.format, writtenBy: program });
  await rm(partial, { recursive: true });
  return kept;
}
