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

export const MAGIC = 'GHGM';
export const VERSION = 1;
export const HEAD_BYTES = 9;

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
