/** Files of the shared eMRTD data, and trust stores made of them. */
import { readFileSync } from 'node:fs';
import {
  type ImportFile,
  importInto,
  parseCertificate,
  TrustStore,
} from '../../../../emrtd/pki/mod.ts';
import type { Certificate } from '../../../../emrtd/pki/mod.ts';
import { sharedPath } from '../../../support/shared-data.ts';

/** Bytes of a file below `emrtd/`. */
export function file(path: string): Uint8Array {
  return new Uint8Array(readFileSync(sharedPath(`emrtd/${path}`)));
}

/** A DER certificate below `emrtd/`. */
export function certificate(path: string): Certificate {
  return parseCertificate(file(path), path);
}

/** A store with these files, each given by itself as a root; throws when the import is refused. */
export function storeOf(...paths: string[]): TrustStore {
  const files = paths.map((path): ImportFile => ({ name: path, bytes: file(path), root: true }));
  const { store, report } = importInto(TrustStore.empty, files, { at: new Date('2024-01-01') });
  if (!report.accepted || report.refused.length > 0) throw new Error(JSON.stringify(report));
  return store;
}

/** The nine states whose SOD, DSC and CSCA certificate are at hand, with a time inside all periods. */
export const STATES = {
  AT: { at: new Date('2024-06-01'), groups: [1, 2, 3, 11, 12, 14], version: 0, hash: 'SHA-256' },
  AU: { at: new Date('2020-06-01'), groups: [1, 2, 15], version: 0, hash: 'SHA-256' },
  DE: { at: new Date('2024-06-01'), groups: [1, 2, 3, 14], version: 1, hash: 'SHA-384' },
  FI: { at: new Date('2024-06-01'), groups: [1, 2, 3, 7, 14], version: 1, hash: 'SHA-512' },
  FR: {
    at: new Date('2020-06-01'),
    groups: [1, 2, 3, 11, 12, 13, 14],
    version: 0,
    hash: 'SHA-256',
  },
  GB: { at: new Date('2015-06-01'), groups: [1, 2], version: 0, hash: 'SHA-256' },
  PH: { at: new Date('2022-06-01'), groups: [1, 2, 7, 11, 12, 15], version: 0, hash: 'SHA-256' },
  SG: { at: new Date('2024-06-01'), groups: [1, 2, 3, 4, 13, 14], version: 1, hash: 'SHA-256' },
  US: { at: new Date('2024-06-01'), groups: [1, 2, 11, 12], version: 0, hash: 'SHA-256' },
} as const;

export type State = keyof typeof STATES;
