/** Where a pack's files lie: a folder, an archive, or the program itself. */
export interface PackStorage {
  /** Every file and its size in bytes, by path relative to the pack. */
  list(): Promise<ReadonlyMap<string, number>>;
  /** Bytes of a listed file. */
  read(path: string): Promise<Uint8Array>;
}
