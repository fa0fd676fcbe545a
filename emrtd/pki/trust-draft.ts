/** A trust store under change during one import; nobody sees it unless the whole import succeeds. */
import type { Certificate } from './certificate.ts';
import { CertificateIndex } from './certificate-index.ts';
import type { Crl } from './crl.ts';
import { type Source, type Stored, type StoredDeviationList, TrustStore } from './trust-store.ts';

/** What became of an object. */
export type Outcome = 'added' | 'known';

/** Sources without repetition, in a fixed order. */
export function sortSources(sources: readonly Source[]): Source[] {
  const key = ({ kind, file, voucher }: Source): string => JSON.stringify([kind, file, voucher]);
  const distinct = new Map(sources.map((source) => [key(source), source]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, source]) => source);
}

/** Mutable copy of a store. */
export class TrustDraft {
  readonly #anchors: Map<string, Stored<Certificate>>;
  readonly #documentSigners: Map<string, Stored<Certificate>>;
  readonly #crls: Map<string, Stored<Crl>>;
  readonly #deviationLists: Map<string, Stored<StoredDeviationList>>;
  #anchorIndex: CertificateIndex | undefined;

  constructor(store: TrustStore) {
    this.#anchors = new Map(store.contents.anchors);
    this.#documentSigners = new Map(store.contents.documentSigners);
    this.#crls = new Map(store.contents.crls);
    this.#deviationLists = new Map(store.contents.deviationLists);
  }

  /** CSCA certificates as they stand now. */
  get anchors(): CertificateIndex {
    this.#anchorIndex ??= new CertificateIndex(
      [...this.#anchors.values()].map(({ object }) => object),
    );
    return this.#anchorIndex;
  }

  /** Those that may vouch for lists. */
  get roots(): CertificateIndex {
    return new CertificateIndex(
      [...this.#anchors.values()]
        .filter(({ sources }) => sources.some(({ kind }) => kind === 'root'))
        .map(({ object }) => object),
    );
  }

  addAnchor(certificate: Certificate, source: Source): Outcome {
    this.#anchorIndex = undefined;
    return put(this.#anchors, certificate, source);
  }

  addDocumentSigner(certificate: Certificate, source: Source): Outcome {
    return put(this.#documentSigners, certificate, source);
  }

  addDeviationList(list: StoredDeviationList, source: Source): Outcome {
    return put(this.#deviationLists, list, source);
  }

  /** Keeps the newest CRL of each issuer, key and scope; an older one counts as known. */
  addCrl(crl: Crl, source: Source): Outcome {
    const scope = crlScope(crl);
    for (const [fingerprint, { object }] of this.#crls) {
      if (fingerprint === crl.fingerprint || crlScope(object) !== scope) continue;
      if (object.thisUpdate >= crl.thisUpdate) return 'known';
      this.#crls.delete(fingerprint);
    }
    return put(this.#crls, crl, source);
  }

  finish(): TrustStore {
    return new TrustStore({
      anchors: this.#anchors,
      documentSigners: this.#documentSigners,
      crls: this.#crls,
      deviationLists: this.#deviationLists,
    });
  }
}

/** CRLs with the same text here replace one another. */
function crlScope(crl: Crl): string {
  return JSON.stringify([
    crl.issuer.key,
    crl.extensions.authorityKeyIdentifier?.toHex() ?? '',
    crl.extensions.issuingDistributionPoint?.names ?? [],
  ]);
}

function put<T extends { fingerprint: string }>(
  map: Map<string, Stored<T>>,
  object: T,
  source: Source,
): Outcome {
  const known = map.get(object.fingerprint);
  map.set(object.fingerprint, {
    object: known?.object ?? object,
    sources: sortSources([...(known?.sources ?? []), source]),
  });
  return known === undefined ? 'added' : 'known';
}
