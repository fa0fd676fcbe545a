/**
 * The answer of `/api/v1/models`: "GHGM", a version, the length of an index in JSON, the index, then the
 * networks one after the other. It goes through the integrator's server unchanged.
 */

/** One network with what must be known to run it, from the manifest of the model pack. */
export interface GuidanceNetworkEntry {
  readonly task: 'detector' | 'mesh' | 'iris';
  readonly bytes: number;
  readonly input: {
    readonly width: number;
    readonly height: number;
    readonly mean: readonly number[];
    readonly scale: readonly number[];
  };
  /** Role -> tensor. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Side of the crop as a multiple of the face box (mesh) or of the width of an eye (iris). */
  readonly cropScale?: number;
  readonly anchors?: {
    readonly layers: readonly { readonly stride: number; readonly perCell: number }[];
    readonly scores: readonly string[];
    readonly boxes: readonly string[];
    readonly keyPoints: number;
    readonly minScore: number;
    readonly maxOverlap: number;
  };
}

export interface ArchiveIndex {
  /** Names the contents: equal ids, equal networks. */
  readonly id: string;
  /** The client has these networks; none follow. */
  readonly unchanged: boolean;
  readonly networks: readonly GuidanceNetworkEntry[];
}

export interface GuidanceArchive extends ArchiveIndex {
  /** Content of each network, in the order of `networks`. */
  readonly contents: readonly Uint8Array<ArrayBuffer>[];
}

const MAGIC = 'GHGM';
const VERSION = 1;
const HEAD_BYTES = 9;
const MAX_INDEX_BYTES = 65_536;

export function writeArchive(
  index: ArchiveIndex,
  contents: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(index));
  const length = contents.reduce((sum, { length }) => sum + length, HEAD_BYTES + json.length);
  const archive = new Uint8Array(length);
  archive.set(new TextEncoder().encode(MAGIC));
  archive[4] = VERSION;
  new DataView(archive.buffer).setUint32(5, json.length);
  archive.set(json, HEAD_BYTES);
  let at = HEAD_BYTES + json.length;
  for (const content of contents) {
    archive.set(content, at);
    at += content.length;
  }
  return archive;
}

/** @throws Error when the bytes are no archive of this version, are cut short or too many */
export function readArchive(bytes: Uint8Array<ArrayBuffer>): GuidanceArchive {
  const head = bytes.subarray(0, HEAD_BYTES);
  if (head.length < HEAD_BYTES || new TextDecoder().decode(head.subarray(0, 4)) !== MAGIC) {
    throw new Error('models: no archive');
  }
  if (head[4] !== VERSION) throw new Error(`models: version ${head[4]}`);
  const indexBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(5);
  if (indexBytes > MAX_INDEX_BYTES || HEAD_BYTES + indexBytes > bytes.length) {
    throw new Error('models: length of the index');
  }
  let at = HEAD_BYTES + indexBytes;
  const index = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_BYTES, at)));
  if (typeof index?.id !== 'string' || !Array.isArray(index.networks)) {
    throw new Error('models: index');
  }
  const contents: Uint8Array<ArrayBuffer>[] = [];
  for (const network of index.unchanged === true ? [] : index.networks) {
    const length: unknown = network?.bytes;
    if (
      !Number.isInteger(length) || length as number < 0 || at + (length as number) > bytes.length
    ) {
      throw new Error('models: cut short');
    }
    contents.push(bytes.subarray(at, at += length as number));
  }
  if (at !== bytes.length) throw new Error('models: bytes behind the networks');
  return { id: index.id, unchanged: index.unchanged === true, networks: index.networks, contents };
}
