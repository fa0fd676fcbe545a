/** The formats of the data folder: what each changed against the one before. */

/** Changes the files of a data folder to the next format; it may be sure that nobody else touches them. */
export type Migration = (folder: string) => Promise<void>;

/** The n-th, counted from 1, makes format n + 1 of format n. Format 1 is the first there was. */
export const MIGRATIONS: readonly Migration[] = [];

/** The newest format that a program with these migrations reads. */
export function newestFormat(migrations: readonly Migration[]): number {
  return migrations.length + 1;
}
