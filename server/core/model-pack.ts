/**
 * Which model pack this installation runs: one the operator names, the one inside the compiled
 * program, or, in a source checkout, the default pack built from the installed npm packages.
 */
import { resolve } from 'node:path';
import {
  buildDefaultPack,
  type BuildProgress,
  openPack,
  type Pack,
  packFromFiles,
  type TrustOptions,
} from '../../models/mod.ts';

/** Path inside the pack -> path of the file system, the virtual one of a compiled program included. */
export type PackFiles = Readonly<Record<string, string>>;

/** Where a pack is. Plain data, so that it can be sent to a worker. */
export type PackSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'embedded'; readonly files: PackFiles };

let embedded: PackFiles | undefined;

/** Called once by the entry of the compiled program. */
export function setEmbeddedPack(files: PackFiles): void {
  embedded = files;
}

export interface PackChoice {
  /** A pack folder or .gpack file that replaces the default pack. */
  readonly path?: string;
  /** Told of the steps when the default pack has to be built first. */
  readonly onProgress?: (progress: BuildProgress) => void;
}

/**
 * Decides on the pack and builds the default one when it is missing.
 * @throws PackError when the default pack cannot be built
 */
export async function choosePack(choice: PackChoice = {}): Promise<PackSource> {
  if (choice.path !== undefined) return { kind: 'path', path: choice.path };
  if (embedded !== undefined) return { kind: 'embedded', files: embedded };
  const path = defaultPackFolder();
  await buildDefaultPack({ outDir: path, onProgress: choice.onProgress });
  return { kind: 'path', path };
}

/** Folder of a source checkout in which the default pack is kept once built. */
export function defaultPackFolder(): string {
  return resolve(import.meta.dir, '../../.cache/models/default');
}

/**
 * @param trust whose signatures count, and whether one is required; the embedded pack is trusted as
 *   part of the program
 * @throws PackError with any PACK_ code
 */
export async function openSource(source: PackSource, trust: TrustOptions = {}): Promise<Pack> {
  if (source.kind === 'path') return await openPack(source.path, trust);
  const { 'manifest.json': manifest, ...rest } = source.files;
  const files = new Map(
    Object.entries(rest).map(([path, file]) => [path, () => Bun.file(file).bytes()] as const),
  );
  return await packFromFiles(await Bun.file(manifest).bytes(), files);
}
