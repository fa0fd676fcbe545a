/**
 * The mark of a data folder, `format.json`: which layout its files have and which program wrote it, so that
 * no program works on files it does not understand.
 */
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ServerError } from '../errors.ts';

export const MARK_FILE = 'format.json';
/** Far above the mark's own size. */
const MAX_BYTES = 4096;

const MarkSchema = z.object({
  /** Number of the layout. */
  format: z.int().min(1),
  /** Version of the program that brought the folder to this format. */
  writtenBy: z.string().regex(/^[\w.+~-]{1,64}$/),
  /** There while files are being changed; a folder that keeps it was left half way. */
  unfinished: z.enum(['migration', 'restore']).optional(),
});

export type Mark = z.infer<typeof MarkSchema>;

/**
 * The mark, or undefined where there is none: no program has kept anything there yet.
 * @throws ServerError DATA_FORMAT when the file is there and is no mark
 */
export async function readMark(folder: string): Promise<Mark | undefined> {
  const path = join(folder, MARK_FILE);
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error('too large');
    return MarkSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return undefined;
    // what cannot be read is the system's to explain
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) throw error;
    throw new ServerError('DATA_FORMAT', `${path} is not the mark of a data folder`);
  }
}

/** Replaces the mark in one step. */
export async function writeMark(folder: string, mark: Mark): Promise<void> {
  const path = join(folder, MARK_FILE);
  const next = `${path}.${process.pid}.new`;
  await writeFile(next, `${JSON.stringify(mark)}\n`, { flush: true });
  await rename(next, path);
}
