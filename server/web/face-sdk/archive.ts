/** Reads the answer of `/api/v1/models`; its format is that of server/identy/models/archive.ts. */
import { type ArchiveIndex, HEAD_BYTES, MAGIC, VERSION } from '../../identy/models/archive.ts';

export interface GuidanceArchive extends ArchiveIndex {
  /** Content of each network, in the order of `networks`. */
  readonly contents: readonly Uint8Array<ArrayBuffer>[];
}

const MAX_INDEX_BYTES = 65_536;

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
