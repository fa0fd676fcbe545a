/** Gathers the files of a release bundle: this program, what the build put into it, and what is named. */
import type { KeyObject } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { exportPack, type Pack } from '../../models/mod.ts';
import { DEFAULT_PACK } from '../../server/core/model-pack.ts';
import { VERSION } from '../../server/core/version.ts';
import { BundleError } from './error.ts';
import { PROGRAM_FILE } from './format.ts';
import { readParts } from './parts.ts';
import { type Artefact, billOfMaterials } from './sbom.ts';
import { sha256Of } from './write.ts';

/** Paths of what goes into a bundle besides the program. */
export interface Named {
  readonly deb?: string | undefined;
  readonly image: readonly string[];
  readonly pack: readonly string[];
  readonly trust: readonly string[];
}

/** The files of a bundle under construction; each path once, each file there. */
class BundleFiles {
  readonly files = new Map<string, Blob>();

  add(path: string, file: Blob): void {
    if (this.files.has(path)) {
      throw new BundleError('BUNDLE_FILE_REFUSED', `${path} is given twice`);
    }
    this.files.set(path, file);
  }

  /** @throws the system's error when there is no such file */
  async addFrom(folder: string, source: string): Promise<Blob> {
    const file = Bun.file(source);
    await file.stat();
    this.add(`${folder}/${basename(source)}`, file);
    return file;
  }
}

/**
 * @param key signs the model packs
 * @param work an empty folder, in use until the bundle is written
 * @returns files by path in the bundle
 * @throws BundleError BUNDLE_FILE_REFUSED when two have one name; PackError as openPack
 */
export async function collectFiles(
  named: Named,
  key: KeyObject,
  work: string,
): Promise<ReadonlyMap<string, Blob>> {
  const bundle = new BundleFiles();
  const { files: parts, packages } = await readParts();
  for (const [path, file] of parts) bundle.add(path, file);

  const packs: Pack[] = [];
  for (const path of [DEFAULT_PACK, ...named.pack]) {
    const archive = join(work, `${packs.length}.gpack`);
    const pack = await exportPack(path, archive, key);
    packs.push(pack);
    const { name, version } = pack.manifest;
    bundle.add(`models/${name}-${version}.gpack`, Bun.file(archive));
  }

  const artefacts: Artefact[] = [];
  const deliver = async (folder: string, path: string, type: Artefact['type']): Promise<void> => {
    const file = await bundle.addFrom(folder, path);
    artefacts.push({ name: basename(path), type, sha256: await sha256Of(file) });
  };
  if (named.deb !== undefined) await deliver('package', named.deb, 'file');
  for (const image of named.image) {
    await deliver('image', image, 'container');
    await bundle.addFrom('sbom', join(dirname(image), `${basename(image, '.tar')}.cdx.json`));
  }
  for (const path of named.trust) await bundle.addFrom('trust', path);

  const program = Bun.file(process.execPath);
  bundle.add(PROGRAM_FILE, program);
  const sha256 = await sha256Of(program);
  const bill = billOfMaterials({ version: VERSION, sha256, packages, packs, artefacts });
  bundle.add('sbom/gatehouse.cdx.json', new Blob([JSON.stringify(bill, null, 2) + '\n']));
  return bundle.files;
}
