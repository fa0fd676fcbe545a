/**
 * Opens a data folder: new ones are marked, those of an older format are backed up and migrated, those of
 * a newer one are refused.
 */
import { mkdir } from 'node:fs/promises';
import { ServerError } from '../errors.ts';
import { BACKUPS, listBackups, makeBackup } from './backups.ts';
import { VERSION } from '../version.ts';
import { type Mark, readMark, writeMark } from './mark.ts';
import { type Migration, MIGRATIONS, newestFormat } from './migrations.ts';

/** Keys and records are in it. */
const FOLDER_MODE = 0o700;

export interface OpenOptions {
  /** Version of this program; another one in tests. */
  readonly program?: string;
  readonly now?: () => Date;
  /** Those of this program; other ones in tests. */
  readonly migrations?: readonly Migration[];
}

/** What opening had to change. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
  /** Name of the backup that was made first. */
  readonly backup: string;
}

/**
 * Makes a data folder ready for this program, which must be the only one that uses it.
 * @returns what was migrated, undefined when nothing was
 * @throws ServerError DATA_FORMAT when the folder is of a newer format or was left half way
 */
export async function openDataFolder(
  folder: string,
  { program = VERSION, now = () => new Date(), migrations = MIGRATIONS }: OpenOptions = {},
): Promise<Migrated | undefined> {
  const newest = newestFormat(migrations);
  const mark = await readUsableMark(folder, program, newest);
  if (mark?.format === newest) return undefined;
  if (mark === undefined) {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await writeMark(folder, { format: newest, writtenBy: program });
    return undefined;
  }
  const from = mark.format;
  const backup = await makeBackup(folder, mark, now());
  for (let format = from; format < newest; format++) {
    await writeMark(folder, { format, writtenBy: mark.writtenBy, unfinished: 'migration' });
    await migrations[format - 1](folder);
  }
  await writeMark(folder, { format: newest, writtenBy: program });
  return { from, to: newest, backup };
}

/**
 * For commands that add to a data folder while a server may use it: marks a new one and migrates nothing.
 * @throws ServerError DATA_FORMAT when the folder is of another format
 */
export async function requireDataFolder(
  folder: string,
  options: OpenOptions = {},
): Promise<void> {
  const { program = VERSION, migrations = MIGRATIONS } = options;
  const newest = newestFormat(migrations);
  const mark = await readUsableMark(folder, program, newest);
  if (mark !== undefined && mark.format < newest) {
    throw new ServerError(
      'DATA_FORMAT',
      `${folder} has the older format ${mark.format}: start the server once, which migrates it`,
    );
  }
  if (mark === undefined) await openDataFolder(folder, options);
}

async function readUsableMark(
  folder: string,
  program: string,
  newest: number,
): Promise<Mark | undefined> {
  const mark = await readMark(folder);
  if (mark?.unfinished !== undefined) {
    throw new ServerError(
      'DATA_FORMAT',
      `${folder}: a ${mark.unfinished} did not come to its end; ${await wayBack(folder, newest)}`,
    );
  }
  if (mark !== undefined && mark.format > newest) {
    throw new ServerError(
      'DATA_FORMAT',
      `${folder} has format ${mark.format}, written by Gatehouse ${mark.writtenBy}; ` +
        `this is Gatehouse ${program}, which reads formats up to ${newest}. ` +
        `Run the newer program, or ${await wayBack(folder, newest)}`,
    );
  }
  return mark;
}

async function wayBack(folder: string, newest: number): Promise<string> {
  const backup = (await listBackups(folder)).filter(({ format }) => format <= newest).pop();
  return backup === undefined
    ? 'put your own backup of the folder in its place'
    : `put the newest backup back: gatehouse data restore ${backup.name} (in ${BACKUPS}/)`;
}
