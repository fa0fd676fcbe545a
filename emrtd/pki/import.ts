/**
 * Import of files into the trust store (ICAO 9303-12 5 and 8). All or nothing: a file that cannot be
 * read or verified leaves the store as it was, and so does any file beside it. Single certificates
 * inside an accepted file that cannot serve are left out, each with its reason.
 */
import { digest } from '../crypto/mod.ts';
import { EmrtdError } from '../errors.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import type { Crl } from './crl.ts';
import { parseCrl } from './crl.ts';
import { parseDeviationList } from './deviation-list.ts';
import { KEY_USAGE } from './extension.ts';
import { type FileContents, type FileObject, readFile } from './file-format.ts';
import { parseMasterList } from './master-list.ts';
import { maySignCrls } from './revocation.ts';
import { signatureProblem } from './signature.ts';
import { TrustDraft } from './trust-draft.ts';
import type { Source, TrustStore } from './trust-store.ts';

/** A file to import. */
export interface ImportFile {
  /** Name for messages and for the provenance: without its folder. */
  name: string;
  bytes: Uint8Array;
  /** The certificates of this file may vouch for master lists and deviation lists. */
  root?: boolean;
}

/** An object of an import. */
interface ImportItem {
  kind: 'csca' | 'document-signer' | 'crl' | 'master-list' | 'deviation-list';
  /** Subject of a certificate, issuer of a CRL, file of a list. */
  subject: string;
  /** SHA-256 of the encoding, hex. */
  fingerprint: string;
  /** File, and the place in it. */
  from: string;
}

/** An object that was left out. */
interface RefusedItem extends ImportItem {
  reason: string;
}

/** What an import did. The four lists are disjoint. */
export interface ImportReport {
  /** False when nothing was changed because of `failure`. */
  accepted: boolean;
  failure: { file: string; code: string; reason: string } | undefined;
  added: ImportItem[];
  /** Already in the store, or a CRL older than the one there. */
  known: ImportItem[];
  /** Added although past their end: they explain why a document of their time fails now. */
  expired: ImportItem[];
  refused: RefusedItem[];
}

/** Imports files in their order; those marked `root` should come first. Never throws. */
export function importInto(
  store: TrustStore,
  files: readonly ImportFile[],
  options: { at: Date },
): { store: TrustStore; report: ImportReport } {
  const importer = new Importer(new TrustDraft(store), options.at);
  for (const file of files) {
    try {
      importer.file(file);
    } catch (error) {
      if (!(error instanceof EmrtdError)) throw error;
      const failure = { file: file.name, code: error.code, reason: error.message };
      const nothing = { added: [], known: [], expired: [], refused: [] };
      return { store, report: { accepted: false, failure, ...nothing } };
    }
  }
  return { store: importer.draft.finish(), report: importer.report };
}

class Importer {
  readonly draft: TrustDraft;
  readonly report: ImportReport = {
    accepted: true,
    failure: undefined,
    added: [],
    known: [],
    expired: [],
    refused: [],
  };
  readonly #at: Date;

  constructor(draft: TrustDraft, at: Date) {
    this.draft = draft;
    this.#at = at;
  }

  file(file: ImportFile): void {
    const contents = readFile(file.bytes, file.name);
    const kind = file.root === true ? 'root' : sourceKind(contents);
    const source: Source = { kind, file: file.name, voucher: '' };
    // Certificates first: CRLs and lists of the same file may need them.
    const order = { 'certificate': 0, 'master-list': 1, 'deviation-list': 2, 'crl': 3 };
    for (const object of contents.objects.toSorted((a, b) => order[a.kind] - order[b.kind])) {
      if (contents.container === 'ldif') this.#tolerant(object, source);
      else this.#object(object, source);
    }
  }

  /** A directory holds the lists of many states; one that cannot be verified does not stop the rest. */
  #tolerant(object: FileObject, source: Source): void {
    try {
      this.#object(object, source);
    } catch (error) {
      if (!(error instanceof EmrtdError)) throw error;
      const kind = object.kind === 'certificate' ? 'document-signer' : object.kind;
      this.#refuse(item(kind, object.name, object.bytes, object.name), error.message);
    }
  }

  #object(object: FileObject, source: Source): void {
    switch (object.kind) {
      case 'certificate':
        return this.#certificate(parseCertificate(object.bytes, object.name), object.name, source);
      case 'crl':
        return this.#crl(parseCrl(object.bytes, object.name), object.name, source);
      case 'master-list':
        return this.#masterList(object, source);
      case 'deviation-list':
        return this.#deviationList(object, source);
    }
  }

  #certificate(certificate: Certificate, from: string, source: Source): void {
    const authority = isAuthority(certificate);
    const entry = item(
      authority ? 'csca' : 'document-signer',
      certificate.subject.toString(),
      certificate.raw,
      from,
    );
    const problem = keyProblem(certificate) ??
      (authority && source.kind === 'ldif' && source.voucher === ''
        ? 'a directory file is not signed: CSCA certificates come from its master lists only'
        : undefined) ??
      (!authority && !maySignContent(certificate)
        ? 'neither a certification authority nor a document signer'
        : undefined);
    if (problem !== undefined) return this.#refuse(entry, problem);
    const outcome = authority
      ? this.draft.addAnchor(certificate, source)
      : this.draft.addDocumentSigner(certificate, source);
    if (outcome === 'known') this.report.known.push(entry);
    else if (certificate.notAfter < this.#at) this.report.expired.push(entry);
    else this.report.added.push(entry);
  }

  #masterList(object: FileObject, source: Source): void {
    const list = parseMasterList(object.bytes, {
      name: object.name,
      roots: this.draft.roots,
      at: this.#at,
    });
    const voucher = list.root.subject.toString();
    const own: Source = {
      kind: source.kind === 'ldif' ? 'ldif' : 'master-list',
      file: source.file,
      voucher,
    };
    for (const [index, raw] of list.certificates.entries()) {
      const from = `${object.name} certificate ${index + 1}`;
      const certificate = attempt(() => parseCertificate(raw, from));
      if (typeof certificate === 'string') this.#refuse(item('csca', from, raw, from), certificate);
      else if (!isAuthority(certificate)) {
        const entry = item('csca', certificate.subject.toString(), raw, from);
        this.#refuse(entry, 'not a certification authority');
      } else this.#certificate(certificate, from, own);
    }
  }

  #deviationList(object: FileObject, source: Source): void {
    const list = parseDeviationList(object.bytes, {
      name: object.name,
      roots: this.draft.roots,
      at: this.#at,
    });
    const entry = item('deviation-list', object.name, object.bytes, object.name);
    const outcome = this.draft.addDeviationList({
      raw: object.bytes,
      fingerprint: entry.fingerprint,
      signer: list.signer.subject.toString(),
      entries: list.entries,
    }, { ...source, voucher: list.root.subject.toString() });
    this.report[outcome].push(entry);
  }

  #crl(crl: Crl, from: string, source: Source): void {
    const entry = item('crl', crl.issuer.toString(), crl.raw, from);
    const signer = this.draft.anchors.issuersOf(crl).find((candidate) =>
      candidate.subject.equals(crl.issuer) && maySignCrls(candidate) &&
      signatureProblem(crl, candidate) === undefined
    );
    if (signer === undefined) {
      return this.#refuse(entry, 'no trusted certificate of its issuer signed it');
    }
    const entries = attempt(() => ({ unknown: crl.unknownCriticalExtension }));
    if (typeof entries === 'string') return this.#refuse(entry, entries);
    const outcome = this.draft.addCrl(crl, { ...source, voucher: signer.subject.toString() });
    if (outcome === 'known') this.report.known.push(entry);
    else if (crl.nextUpdate !== undefined && crl.nextUpdate < this.#at) {
      this.report.expired.push(entry);
    } else this.report.added.push(entry);
  }

  #refuse(entry: ImportItem, reason: string): void {
    this.report.refused.push({ ...entry, reason });
  }
}

function item(
  kind: ImportItem['kind'],
  subject: string,
  raw: Uint8Array,
  from: string,
): ImportItem {
  return { kind, subject, fingerprint: digest('SHA-256', raw).toHex(), from };
}

function sourceKind({ container }: FileContents): Source['kind'] {
  return container === 'single' ? 'file' : container;
}

function attempt<T>(body: () => T): T | string {
  try {
    return body();
  } catch (error) {
    if (error instanceof EmrtdError) return error.message;
    throw error;
  }
}

/** Why the key cannot be used; undefined when it can. */
function keyProblem(certificate: Certificate): string | undefined {
  const key = attempt(() => certificate.publicKey);
  return typeof key === 'string' ? key : undefined;
}

/**
 * A CSCA by what it says of itself: it may sign certificates, or it is an authority that names no key
 * usage. Several CSCA in use forget basicConstraints (BE, IT, LU, TR).
 */
function isAuthority(certificate: Certificate): boolean {
  const usage = attempt(() => certificate.extensions.keyUsage);
  if (typeof usage === 'function') return usage(KEY_USAGE.keyCertSign);
  const constraints = attempt(() => certificate.extensions.basicConstraints);
  return usage === undefined && typeof constraints === 'object' && constraints.ca;
}

function maySignContent(certificate: Certificate): boolean {
  const usage = attempt(() => certificate.extensions.keyUsage);
  if (typeof usage === 'string') return false;
  return usage === undefined || usage(KEY_USAGE.digitalSignature);
}
