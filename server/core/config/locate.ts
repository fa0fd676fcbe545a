/** Which configuration file there is: the one named, else that of the data folder, else that of the machine. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from './environment-source.ts';
import { DEFAULT_DATA_FOLDER } from './sections/data.ts';

export const FILE_NAME = 'gatehouse.toml';
const SYSTEM_FILE = `/etc/gatehouse/${FILE_NAME}`;

export interface Places {
  readonly env: Environment;
  /** Named on the command line. */
  readonly file?: string | undefined;
  /** The data folder, where the command line names one. */
  readonly dataFolder?: string | undefined;
  /** The file of the machine. */
  readonly systemFile?: string;
}

/** Absolute path of the file; one that is named need not exist. Undefined where there is none. */
export function locateConfigFile(
  { env, file, dataFolder, systemFile = SYSTEM_FILE }: Places,
): string | undefined {
  const named = file ?? (env.GATEHOUSE_CONFIG || undefined);
  if (named !== undefined) return resolve(named);
  const data = dataFolder ?? (env.GATEHOUSE_DATA || DEFAULT_DATA_FOLDER);
  return [resolve(join(data, FILE_NAME)), systemFile].find(isThere);
}

/**
 * What is used only because of the folder that a command was run in, and belongs to neither this user nor root:
 * the configuration file, or the data folder where there is no file. Somebody else can have put it there, as in
 * /tmp, for others to walk into. Undefined where there is no such thing.
 */
export function strayPath(
  { env, file, dataFolder }: Places,
  found: string | undefined,
): string | undefined {
  if ([file, env.GATEHOUSE_CONFIG, dataFolder, env.GATEHOUSE_DATA].some(Boolean)) return undefined;
  const data = resolve(DEFAULT_DATA_FOLDER);
  const used = found ?? data;
  if (used !== data && used !== join(data, FILE_NAME)) return undefined;
  const owner = statSync(used, { throwIfNoEntry: false })?.uid;
  return owner === undefined || owner === 0 || owner === process.getuid?.() ? undefined : used;
}

/** A file that cannot be looked at is there: reading it says what is wrong. */
function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}
