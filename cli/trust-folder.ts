/** The trust store on disk: one file in a folder, replaced in one step. */
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImportFile, importInto, TrustStore } from '../emrtd/pki/mod.ts';
import { readTrustStore, TRUST_STORE_FILE } from '../server/core/trust-store-file.ts';
import { UsageError } from './command.ts';
import { dataFolder } from './settings.ts';

export { readTrustStore };

/** The folder named, else `trust` in the data folder. */
export function trustFolder(values: { trust?: string; data?: string }): string {
  return values.trust ?? join(dataFolder(values.data), 'trust');
}

/** Writes beside the old file and then takes its place. */
export async function writeTrustStore(folder: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = join(folder, `${TRUST_STORE_FILE}.${process.pid}.new`);
  await Bun.write(next, bytes);
  await rename(next, join(folder, TRUST_STORE_FILE));
}

/**
 * What to verify documents against: the store of the folder, or, where there is none, every file of
 * the folder, each trusted because it lies there.
 * @throws UsageError when the folder holds nothing or something that is no certificate, CRL or list
 */
export async function openTrust(folder: string, at: Date): Promise<TrustStore> {
  if (await Bun.file(join(folder, TRUST_STORE_FILE)).exists()) return await readTrustStore(folder);
  const files = await readFolder(folder);
  if (files.length === 0) {
    throw new UsageError(
      `no trust store in ${folder}: import CSCA certificates with "gatehouse pki import"`,
    );
  }
  const { store, report } = importInto(TrustStore.empty, files, { at });
  if (report.failure !== undefined) throw new UsageError(`--trust: ${report.failure.reason}`);
  return store;
}

/** Files of a folder by name, certificates before lists so that those can be verified. */
async function readFolder(folder: string): Promise<ImportFile[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const files: ImportFile[] = [];
  for (const name of names.sort()) {
    const file = Bun.file(join(folder, name));
    if (name.startsWith('.') || !(await file.exists())) continue;
    files.push({ name, bytes: await file.bytes(), root: true });
  }
  const certificates = ({ name }: ImportFile): number => /\.(cer|crt|der|pem)$/i.test(name) ? 0 : 1;
  return files.sort((a, b) => certificates(a) - certificates(b));
}
