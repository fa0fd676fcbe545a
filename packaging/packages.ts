/** The npm packages a release is made of, as package-lock.json and node_modules have them. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { z } from 'zod';

const LockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

export interface Package {
  readonly name: string;
  readonly version: string;
  /** As the package states it, an SPDX expression as a rule. */
  readonly licence: string;
  /** SHA-512 of the package as npm delivers it, in hex. */
  readonly sha512: string;
  /** Its folder, relative to the checkout. */
  readonly folder: string;
  /** Folders of the packages it uses. */
  readonly uses: readonly string[];
}

export interface Packages {
  readonly all: readonly Package[];
  /** Folders of those that package.json asks for. */
  readonly direct: readonly string[];
}

const FOLDER = /^node_modules\/|\/node_modules\//;

/**
 * All packages but those for development and for other platforms, ordered by folder.
 * @param checkout folder with package-lock.json and node_modules
 * @throws Error when a package states no licence or has no SHA-512
 */
export async function productionPackages(checkout: string): Promise<Packages> {
  const lock = LockSchema.parse(await Bun.file(join(checkout, 'package-lock.json')).json());
  const wanted = Object.entries(lock.packages).filter(([folder, { dev, devOptional }]) =>
    folder !== '' && !dev && !devOptional && existsSync(join(checkout, folder))
  );
  const folders = new Set(wanted.map(([folder]) => folder));
  const all = wanted.map(([folder, entry]) => {
    const { version, license, integrity, dependencies, optionalDependencies } = entry;
    const name = folder.split(FOLDER).pop()!;
    const [, base64] = /^sha512-([\w+/]+=*)$/.exec(integrity ?? '') ?? [];
    if (version === undefined || license === undefined || base64 === undefined) {
      throw new Error(`package-lock.json: ${name} lacks a version, a licence or a SHA-512`);
    }
    return {
      name,
      version,
      licence: license,
      sha512: Buffer.from(base64, 'base64').toString('hex'),
      folder,
      uses: used(folder, { ...dependencies, ...optionalDependencies }, folders),
    };
  }).sort((a, b) => a.folder < b.folder ? -1 : 1);
  return { all, direct: used('', lock.packages[''].dependencies ?? {}, folders) };
}

function used(folder: string, names: object, folders: ReadonlySet<string>): string[] {
  return Object.keys(names).flatMap((name) => resolve(folder, name, folders) ?? []).sort();
}

/** Where a package of this name is found from `folder`: the nearest node_modules upwards that has it. */
function resolve(folder: string, name: string, folders: ReadonlySet<string>): string | undefined {
  for (let at = folder;; at = at.slice(0, at.lastIndexOf('/node_modules/'))) {
    const candidate = `${at}/node_modules/${name}`;
    if (folders.has(candidate)) return candidate;
    if (!at.includes('/node_modules/')) break;
  }
  const top = `node_modules/${name}`;
  return folders.has(top) ? top : undefined;
}
