/**
 * A set of certificates that finds the possible issuers of another one and the signers of a message in
 * constant time: by key identifier, by name, by issuer and serial number. Several CSCA certificates of
 * one state may share a name (ICAO 9303-12 7.1), so the key identifier decides where there is one.
 */
import type { Certificate } from './certificate.ts';
import type { SignerIdentifier } from './signer-info.ts';

/** Value of a getter that may meet malformed bytes; undefined then. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Key identifier of the subject as hex; undefined when there is none or it is malformed. */
export function subjectKeyId(certificate: Certificate): string | undefined {
  return attempt(() => certificate.extensions.subjectKeyIdentifier)?.toHex();
}

/** Key identifier of the issuer as hex; undefined when there is none or it is malformed. */
export function authorityKeyId(object: Pick<Certificate, 'extensions'>): string | undefined {
  return attempt(() => object.extensions.authorityKeyIdentifier)?.toHex();
}

/** Immutable; certificates are told apart by their SHA-256. */
export class CertificateIndex {
  readonly #all = new Map<string, Certificate>();
  readonly #byKeyId = new Map<string, Certificate[]>();
  readonly #byName = new Map<string, Certificate[]>();
  readonly #bySerial = new Map<string, Certificate[]>();

  constructor(certificates: Iterable<Certificate>) {
    for (const certificate of certificates) {
      if (this.#all.has(certificate.fingerprint)) continue;
      this.#all.set(certificate.fingerprint, certificate);
      add(this.#byName, certificate.subject.key, certificate);
      add(this.#bySerial, serialKey(certificate), certificate);
      const keyId = subjectKeyId(certificate);
      if (keyId !== undefined) add(this.#byKeyId, keyId, certificate);
    }
  }

  get size(): number {
    return this.#all.size;
  }

  has(certificate: Certificate): boolean {
    return this.#all.has(certificate.fingerprint);
  }

  get(fingerprint: string): Certificate | undefined {
    return this.#all.get(fingerprint);
  }

  /** Certificates with this subjectKeyIdentifier, given as lower-case hex. */
  withKeyId(keyId: string): readonly Certificate[] {
    return this.#byKeyId.get(keyId) ?? [];
  }

  /** Certificates with this subject; `nameKey` is `Name.key`. */
  withSubject(nameKey: string): readonly Certificate[] {
    return this.#byName.get(nameKey) ?? [];
  }

  /** Certificates that the identifier of a signer names (RFC 5652 5.3). */
  identifiedBy(identifier: SignerIdentifier): readonly Certificate[] {
    if (identifier.kind === 'keyIdentifier') {
      return this.withKeyId(identifier.keyIdentifier.toHex());
    }
    return this.#bySerial.get(serialKey(identifier)) ?? [];
  }

  /**
   * Possible issuers of a certificate or CRL: those whose key identifier it names, then those of the
   * right name of which one side has no key identifier. A differing key identifier rules out.
   */
  issuersOf(object: Pick<Certificate, 'extensions' | 'issuer'>): Certificate[] {
    const keyId = authorityKeyId(object);
    const named = this.withSubject(object.issuer.key);
    if (keyId === undefined) return [...named];
    const byKey = this.withKeyId(keyId);
    return [
      ...byKey.filter((candidate) => named.includes(candidate)),
      ...byKey.filter((candidate) => !named.includes(candidate)),
      ...named.filter((candidate) => subjectKeyId(candidate) === undefined),
    ];
  }

  [Symbol.iterator](): IterableIterator<Certificate> {
    return this.#all.values();
  }
}

function serialKey({ issuer, serial }: Pick<Certificate, 'issuer' | 'serial'>): string {
  return `${serial} ${issuer.key}`;
}

function add(map: Map<string, Certificate[]>, key: string, certificate: Certificate): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [certificate]);
  else list.push(certificate);
}
