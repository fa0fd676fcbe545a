/** Labelled presentations in folders: bonafide/ and attack/<species>/, each entry a picture or a folder of frames. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FaceError } from '../../biometrics/mod.ts';

export interface PresentationFiles {
  /** null for a bona fide presentation. */
  readonly species: string | null;
  readonly person: string;
  /** The picture, or the frames in the order of their names. */
  readonly files: readonly string[];
}

/** Most frames of one presentation that are looked at, spread evenly. */
const MAX_FRAMES = 5;

/**
 * The presentations below `folder`, in the order of their names.
 * @throws FaceError CALIBRATION_INVALID when a class is missing; the system's own error for folders
 */
export async function listPresentations(folder: string): Promise<PresentationFiles[]> {
  const found = await presentationsIn(join(folder, 'bonafide'), null);
  const bonaFide = found.length;
  const species = (await readdir(join(folder, 'attack'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted();
  for (const name of species) {
    found.push(...await presentationsIn(join(folder, 'attack', name), name));
  }
  if (bonaFide === 0 || found.length === bonaFide) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `${folder}: needs pictures in bonafide/ and in attack/<species>/`,
    );
  }
  return found;
}

async function presentationsIn(
  folder: string,
  species: string | null,
): Promise<PresentationFiles[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted((a, b) => a.name < b.name ? -1 : 1);
  return await Promise.all(entries.map(async (entry): Promise<PresentationFiles> => {
    const path = join(folder, entry.name), person = personOf(entry.name);
    if (!entry.isDirectory()) return { species, person, files: [path] };
    const frames = (await readdir(path)).filter((name) => !name.startsWith('.')).toSorted();
    const step = Math.max(1, frames.length / MAX_FRAMES);
    const chosen = frames.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
    return { species, person, files: chosen.map((name) => join(path, name)) };
  }));
}

/** "First_Last_0001.print.jpg" -> "First_Last": the name up to its first dot, without a number at the end. */
export function personOf(fileName: string): string {
  const name = fileName.split('.')[0];
  return name.replace(/[_-]\d+$/, '') || name;
}
