/** Model packs: what the networks of the pipeline are, where they come from, and how they are read. */
export { archiveChunks, archiveHeader, ArchiveStorage, BLOCK, claimedBytes } from './archive.ts';
export { buildDefaultPack, type BuildOptions, type BuildProgress } from './default/build.ts';
export { PackError, type PackErrorCode } from './errors.ts';
export {
  exportPack,
  importPack,
  type InstalledPack,
  listPacks,
  replaceCalibration,
  signPack,
} from './install.ts';
export {
  type AnchorDecoding,
  type EmbeddingSpec,
  type Manifest,
  type Network,
  type NetworkCrop,
  type NetworkInput,
  type YuNetDecoding,
  yuNetOutputs,
} from './manifest.ts';
export { importNetworks } from './optional/extend.ts';
export { FolderStorage } from './folder.ts';
export { openPack, verifyPack } from './open.ts';
export type { Pack } from './pack.ts';
export type { FileStatus } from './reader.ts';
export { signingKeyId, type TrustOptions } from './signature.ts';
