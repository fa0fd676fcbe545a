/**
 * The list of files in a backup, `SHA256SUMS`, in the form that sha256sum of GNU coreutils writes and checks:
 * a sum, two spaces, a path, one file a line. A reader takes nothing that could name a file elsewhere.
 */
import { ServerError } from '../errors.ts';

export const SUMS_FILE = 'SHA256SUMS';
/** Some hundred thousand files. */
export const MAX_SUMS_BYTES = 64 * 2 ** 20;
const LINE = /^([0-9a-f]{64}) {2}(.+)$/s;
/** Control characters, and the backslash with which sha256sum escapes them. */
const UNNAMEABLE = /[\p{Cc}\\]/u;

/** Lower-case hex by path; paths are relative to the backup. */
export type Sums = ReadonlyMap<string, string>;

/** Whether a path stays below the folder it is relative to, and has one name only. */
function isPlainPath(path: string): boolean {
  const segments = path.split('/');
  return !UNNAMEABLE.test(path) && path.isWellFormed() && path !== SUMS_FILE &&
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/** @throws ServerError BACKUP_INVALID for a file whose name the list cannot hold */
export function writeSums(sums: Sums): string {
  const lines = [...sums].sort(([a], [b]) => a < b ? -1 : 1).map(([path, sum]) => {
    if (!isPlainPath(path)) {
      const name = JSON.stringify(path);
      throw new ServerError('BACKUP_INVALID', `a file named ${name} cannot be backed up`);
    }
    return `${sum}  ${path}\n`;
  });
  return lines.join('');
}

/** @throws ServerError BACKUP_INVALID for what `writeSums` has not written */
export function readSums(text: string): Sums {
  const sums = new Map<string, string>();
  let before = '';
  if (!text.endsWith('\n')) throw invalid('it is cut off');
  for (const line of text.slice(0, -1).split('\n')) {
    const [, sum, path] = LINE.exec(line) ?? [];
    if (sum === undefined || !isPlainPath(path)) throw invalid('a line is not a sum and a path');
    if (path <= before) throw invalid('its lines are not in order');
    before = path;
    sums.set(path, sum);
  }
  return sums;
}

function invalid(what: string): ServerError {
  return new ServerError('BACKUP_INVALID', `${SUMS_FILE}: ${what}`);
}
