/** The networks that the Face SDK guides a person with, taken from the model pack in use, as archives. */
import type { Manifest, Network, Pack } from '../../../models/mod.ts';
import { type ArchiveIndex, type GuidanceNetworkEntry, writeArchive } from './archive.ts';

/** What a client can ask for, and the tasks of its networks. */
export const PARTS = { face: ['detector', 'mesh'], eyes: ['iris'] } as const;
export type Part = keyof typeof PARTS;

export interface GuidanceArchive {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For a client that has the networks. */
  readonly unchanged: Uint8Array<ArrayBuffer>;
}

/** Makes each archive once for a pack. */
export class GuidanceArchives {
  readonly #made = new Map<Part, { pack: Pack; archive: Promise<GuidanceArchive> }>();

  /** @throws Error when the pack lacks a network of the part */
  get(pack: Pack, part: Part): Promise<GuidanceArchive> {
    let kept = this.#made.get(part);
    if (kept?.pack !== pack) {
      this.#made.set(part, kept = { pack, archive: guidanceArchive(pack, part) });
    }
    return kept.archive;
  }
}

/** @throws Error when the pack lacks a network of the part */
async function guidanceArchive(pack: Pack, part: Part): Promise<GuidanceArchive> {
  const found = PARTS[part].map((task) => networkFor(pack.manifest, task));
  const contents = await Promise.all(found.map(({ file }) => pack.read(file)));
  const networks = found.map((network, i) => entryOf(network, contents[i].length));
  const hash = new Bun.CryptoHasher('sha256').update(JSON.stringify(networks));
  for (const content of contents) hash.update(content);
  const index: ArchiveIndex = {
    id: hash.digest('hex').slice(0, 32),
    unchanged: false,
    networks,
  };
  return {
    id: index.id,
    bytes: writeArchive(index, contents),
    unchanged: writeArchive({ ...index, unchanged: true }, []),
  };
}

function networkFor({ networks }: Manifest, task: Network['task']): Network {
  // the SDK decodes detectors of the BlazeFace family
  const found = networks.find((network) =>
    network.task === task && (task !== 'detector' || network.decode?.kind === 'anchors')
  );
  if (found === undefined) throw new Error(`model pack: no network for ${task}`);
  return found;
}

function entryOf(
  { task, input, outputs, decode, crop }: Network,
  bytes: number,
): GuidanceNetworkEntry {
  const { width, height, mean, scale } = input;
  return {
    task: task as GuidanceNetworkEntry['task'],
    bytes,
    input: { width, height, mean, scale },
    outputs,
    ...('scale' in crop && { cropScale: crop.scale }),
    ...(decode?.kind === 'anchors' && { anchors: decode }),
  };
}
