/** Labelled presentations in folders: bonafide/ and attack/<species>/, each entry a picture or a folder of frames. */
import { join } from 'node:path';
import { FaceError } from '../../biometrics/mod.ts';
import { entriesOf, type FolderEntry } from './folders.ts';

export interface PresentationFiles {
  /** null for a bona fide presentation. */
  readonly species: string | null;
  readonly person: string;
  /** The picture or the folder of frames. */
  readonly path: string;
  /** The picture, or the frames in the order of their names. */
  readonly files: readonly string[];
}

/** Most frames of one presentation that are looked at, spread evenly. */
const MAX_FRAMES = 5;

/**
 * The presentations below `folder`, in the order of their names.
 * @throws FaceError CALIBRATION_INVALID when a class is missing, or a folder of frames holds folders; the
 *   system's own error for folders that cannot be read
 */
export async function listPresentations(folder: string): Promise<PresentationFiles[]> {
  const [bonaFide, attacks] = await Promise.all([
    classFolder(folder, 'bonafide'),
    classFolder(folder, 'attack'),
  ]);
  const found = await presentationsIn(bonaFide, null);
  for (const { name, path, isFolder } of attacks) {
    if (isFolder) found.push(...await presentationsIn(await entriesOf(path), name));
  }
  if (bonaFide.length === 0 || found.length === bonaFide.length) throw missingClass(folder);
  return found;
}

async function classFolder(folder: string, name: string): Promise<FolderEntry[]> {
  try {
    return await entriesOf(join(folder, name));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ENOTDIR';
    throw isMissing ? missingClass(folder) : error;
  }
}

function missingClass(folder: string): FaceError {
  return new FaceError(
    'CALIBRATION_INVALID',
    `${folder}: needs pictures in bonafide/ and in attack/<species>/`,
  );
}

async function presentationsIn(
  entries: readonly FolderEntry[],
  species: string | null,
): Promise<PresentationFiles[]> {
  return await Promise.all(entries.map(async ({ name, path, isFolder }) => {
    const person = personOf(name);
    if (!isFolder) return { species, person, path, files: [path] };
    const frames = await entriesOf(path);
    const deeper = frames.find((frame) => frame.isFolder);
    if (deeper !== undefined) {
      throw new FaceError(
        'CALIBRATION_INVALID',
        `${deeper.path}: lies too deep; ${path} counts as one presentation, whose frames are pictures`,
      );
    }
    const step = Math.max(1, frames.length / MAX_FRAMES);
    const chosen = frames.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
    return { species, person, path, files: chosen.map((frame) => frame.path) };
  }));
}

/** "First_Last_0001.print.jpg" -> "First_Last": the name up to its first dot, without a number at the end. */
export function personOf(fileName: string): string {
  const name = fileName.split('.')[0];
  return name.replace(/[_-]\d+$/, '') || name;
}
