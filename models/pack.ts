/**
 * A model pack in memory: its validated manifest and a way to read its files. Who reads a pack
 * (a folder, an archive, the binary itself) provides this; who runs networks needs only this.
 */
import type { Manifest } from './manifest.ts';

export interface Pack {
  readonly manifest: Manifest;
  /** SHA-256 of manifest.json, lower-case hex: the identity of the pack, since it lists every file. */
  readonly id: string;
  /** Whether a signature by a trusted key was verified. */
  readonly signed: boolean;
  /** Bytes of a file listed in the manifest; its hash has been checked. */
  read(path: string): Promise<Uint8Array>;
}
