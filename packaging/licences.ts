/** The licence text of each package: the file it carries, or the one kept here for those that carry none. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Package } from './packages.ts';

const OWN = /^(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i;

/** Files in packaging/licences for packages that carry no text; `README.md` is the package's own. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  '@cornerstonejs/codec-openjpeg': ['openjpeg', 'mit-terms'],
  '@img/sharp-libvips-linux-x64': ['README.md', 'lgpl-3.0', 'gpl-3.0', 'mpl-1.1'],
  '@mediapipe/selfie_segmentation': ['mediapipe', 'apache-2.0'],
  '@oven/bun-linux-x64': ['bun', 'mit-terms', 'lgpl-2.0', 'lgpl-2.1', 'apache-2.0'],
  'bun': ['bun', 'mit-terms'],
  'onnxruntime-common': ['onnxruntime', 'mit-terms'],
  'onnxruntime-node': ['onnxruntime', 'mit-terms'],
};

/**
 * @returns the text, its parts under each other
 * @throws Error when there is none
 */
export async function licenceText(checkout: string, { name, folder }: Package): Promise<string> {
  const own = (await readdir(join(checkout, folder))).filter((file) => OWN.test(file)).sort();
  const paths = own.length > 0
    ? own.map((file) => join(checkout, folder, file))
    : (KEPT[name] ?? []).map((part) => keptAt(checkout, folder, part));
  if (paths.length === 0) throw new Error(`${name} carries no licence text and none is kept here`);
  const texts = await Promise.all(paths.map((path) => Bun.file(path).text()));
  return texts.map((text) => text.trimEnd()).join(`\n\n${'-'.repeat(72)}\n\n`) + '\n';
}

function keptAt(checkout: string, folder: string, part: string): string {
  if (part === 'README.md') return join(checkout, folder, part);
  if (part === 'apache-2.0') return join(checkout, 'models/optional/licences/apache-2.0.txt');
  return join(checkout, 'packaging/licences', `${part}.txt`);
}
