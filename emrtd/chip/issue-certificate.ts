/** Certificates and CRLs of the specimen issuer, with the profiles of ICAO 9303-12 7.1 (Tables 3 to 5, 9). */
import { bitStringBytes, der, parseTlv } from '../asn1/mod.ts';
import { digest, hashOid } from '../crypto/mod.ts';
import type { SignerKey } from './issue-key.ts';

export interface NameParts {
  /** Two letters. */
  country: string;
  organization: string;
  commonName: string;
}

export interface IssuedCertificate {
  /** DER. */
  bytes: Uint8Array;
  name: Uint8Array;
  serial: bigint;
  issuer: Uint8Array;
  /** subjectKeyIdentifier. */
  keyIdentifier: Uint8Array;
  key: SignerKey;
}

/** A distinguished name: C as PrintableString, O and CN as UTF8String. */
function distinguishedName({ country, organization, commonName }: NameParts): Uint8Array {
  const part = (oid: string, value: Uint8Array) => der.set(der.sequence(der.oid(oid), value));
  return der.sequence(
    part('2.5.4.6', der.printable(country)),
    part('2.5.4.10', der.utf8(organization)),
    part('2.5.4.3', der.utf8(commonName)),
  );
}

interface Request {
  subject: Uint8Array;
  key: SignerKey;
  serial: bigint;
  notBefore: Date;
  notAfter: Date;
  extensions: (keyIdentifier: Uint8Array) => Uint8Array[];
  /** Issuer, or absent for a self-signed certificate. */
  issuer?: IssuedCertificate;
}

function issue(request: Request): IssuedCertificate {
  const { subject, key, serial, issuer } = request;
  const signer = issuer?.key ?? key;
  const issuerName = issuer?.name ?? subject;
  const keyIdentifier = keyIdentifierOf(key.spki);
  const body = der.sequence(
    der.context(0, der.integer(2)),
    der.integer(serial),
    signer.algorithm,
    issuerName,
    der.sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    key.spki,
    der.context(3, der.sequence(...request.extensions(keyIdentifier))),
  );
  const bytes = der.sequence(body, signer.algorithm, der.bitString(signer.sign(body)));
  return { bytes, name: subject, serial, issuer: issuerName, keyIdentifier, key };
}

/** A self-signed CSCA certificate (9303-12 Table 3). */
export function issueCsca(
  request: { name: NameParts; key: SignerKey; serial: bigint; notBefore: Date; notAfter: Date },
): IssuedCertificate {
  return issue({
    ...request,
    subject: distinguishedName(request.name),
    extensions: (own) => [
      extension('2.5.29.35', false, der.sequence(der.contextPrimitive(0, own))),
      extension('2.5.29.14', false, der.octetString(own)),
      // keyCertSign and cRLSign
      extension('2.5.29.15', true, der.bitString(Uint8Array.of(0x06), 1)),
      extension('2.5.29.19', true, der.sequence(der.boolean(true), der.integer(0))),
    ],
  });
}

/** A document signer certificate (9303-12 Table 3) for these document types. */
export function issueDocumentSigner(
  request: {
    name: NameParts;
    key: SignerKey;
    serial: bigint;
    notBefore: Date;
    notAfter: Date;
    issuer: IssuedCertificate;
    documentTypes: readonly string[];
  },
): IssuedCertificate {
  const types = request.documentTypes.map((type) => der.printable(type));
  return issue({
    ...request,
    subject: distinguishedName(request.name),
    extensions: (own) => [
      extension(
        '2.5.29.35',
        false,
        der.sequence(der.contextPrimitive(0, request.issuer.keyIdentifier)),
      ),
      extension('2.5.29.14', false, der.octetString(own)),
      // digitalSignature
      extension('2.5.29.15', true, der.bitString(Uint8Array.of(0x80), 7)),
      // DocumentTypeList, 9303-12 7.1.1.6
      extension('2.23.136.1.1.6.2', false, der.sequence(der.integer(0), der.set(...types))),
    ],
  });
}

/** A CRL of the CSCA that names these serial numbers (9303-12 Table 9). */
export function issueCrl(
  issuer: IssuedCertificate,
  revoked: readonly bigint[],
  thisUpdate: Date,
  nextUpdate: Date,
): Uint8Array {
  const entries = revoked.map((serial) => der.sequence(der.integer(serial), time(thisUpdate)));
  const body = der.sequence(
    der.integer(1),
    issuer.key.algorithm,
    issuer.name,
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
    der.context(
      0,
      der.sequence(
        extension('2.5.29.35', false, der.sequence(der.contextPrimitive(0, issuer.keyIdentifier))),
        extension('2.5.29.20', false, der.integer(1)),
      ),
    ),
  );
  return der.sequence(body, issuer.key.algorithm, der.bitString(issuer.key.sign(body)));
}

function extension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  return der.sequence(
    der.oid(oid),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(value),
  );
}

/** RFC 5280 4.2.1.2 method 1: SHA-1 of the bits of the public key. */
function keyIdentifierOf(spki: Uint8Array): Uint8Array {
  const [, bits] = parseTlv(spki).children();
  return digest('SHA-1', bitStringBytes(bits));
}

/** UTCTime until 2049, GeneralizedTime afterwards (RFC 5280 4.1.2.5). */
function time(date: Date): Uint8Array {
  return date.getUTCFullYear() < 2050 ? der.utcTime(date) : der.generalizedTime(date);
}

/** AlgorithmIdentifier of a hash function, without parameters (RFC 5754 2). */
export function hashAlgorithm(hash: SignerKey['hash']): Uint8Array {
  return der.sequence(der.oid(hashOid(hash)));
}
