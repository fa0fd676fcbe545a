/**
 * The trust store: CSCA certificates, document signer certificates, CRLs and deviation lists with
 * where each came from. An immutable value; importing makes a new one (`import.ts`).
 */
import { CertificateIndex } from './certificate-index.ts';
import type { Certificate } from './certificate.ts';
import type { Deviation } from './checks.ts';
import type { Crl } from './crl.ts';
import { concerns, type DeviationEntry } from './deviation-list.ts';
import { CrlIndex } from './revocation.ts';

/** Where an object came from. */
export interface Source {
  /**
   * `root`: given as one that may vouch for lists; `file`: given by itself; the others: found in a
   * list or bundle.
   */
  kind: 'root' | 'file' | 'bundle' | 'master-list' | 'ldif';
  /** Name of the file. */
  file: string;
  /** Subject of the CSCA that vouched for the list, or an empty string. */
  voucher: string;
}

/** An object and its sources, in a fixed order. */
export interface Stored<T> {
  object: T;
  sources: readonly Source[];
}

/** A deviation list that was verified when it came in. */
export interface StoredDeviationList {
  /** The CMS message. */
  raw: Uint8Array;
  fingerprint: string;
  signer: string;
  entries: DeviationEntry[];
}

/** What a store holds, each part by SHA-256 of the encoding. */
export interface TrustContents {
  anchors: ReadonlyMap<string, Stored<Certificate>>;
  documentSigners: ReadonlyMap<string, Stored<Certificate>>;
  crls: ReadonlyMap<string, Stored<Crl>>;
  deviationLists: ReadonlyMap<string, Stored<StoredDeviationList>>;
}

function objects<T>(stored: ReadonlyMap<string, Stored<T>>): T[] {
  return [...stored.values()].map(({ object }) => object);
}

/** Immutable set of what is trusted. */
export class TrustStore {
  static readonly empty: TrustStore = new TrustStore({
    anchors: new Map(),
    documentSigners: new Map(),
    crls: new Map(),
    deviationLists: new Map(),
  });

  readonly contents: TrustContents;
  /** CSCA certificates, links included: where a path may end. */
  readonly anchors: CertificateIndex;
  /** Those that may vouch for master lists and deviation lists. */
  readonly roots: CertificateIndex;
  /** Known document signers, not trusted by themselves: for documents that carry none. */
  readonly documentSigners: CertificateIndex;
  readonly crls: CrlIndex;

  constructor(contents: TrustContents) {
    this.contents = contents;
    this.anchors = new CertificateIndex(objects(contents.anchors));
    this.roots = new CertificateIndex(
      [...contents.anchors.values()]
        .filter(({ sources }) => sources.some(({ kind }) => kind === 'root'))
        .map(({ object }) => object),
    );
    this.documentSigners = new CertificateIndex(objects(contents.documentSigners));
    this.crls = new CrlIndex(objects(contents.crls));
  }

  /** What the issuing states say of documents of this signer. */
  deviationsOf(signer: Certificate): Deviation[] {
    return objects(this.contents.deviationLists)
      .flatMap(({ entries }) => entries)
      .filter((entry) => concerns(entry, signer))
      .flatMap(({ descriptions }) => descriptions)
      .map(({ name, description }) => ({
        subject: 'document',
        rule: 'ICAO 9303-12 10',
        detail: `deviation list: ${name}${description === undefined ? '' : ` (${description})`}`,
      }));
  }
}
