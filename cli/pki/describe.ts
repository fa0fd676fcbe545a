/** Certificates in the words and columns of the pki commands. */
import {
  authorityKeyId,
  type Certificate,
  deviationsOf,
  type Source,
  subjectKeyId,
} from '../../emrtd/pki/mod.ts';

/** `RSA 4096`, `EC brainpoolP384r1`. */
export function keyName(certificate: Certificate): string {
  const { publicKey } = certificate;
  switch (publicKey.kind) {
    case 'rsa':
      return `RSA ${publicKey.key.n.toString(2).length}`;
    case 'ec':
      return `EC ${publicKey.curve.name}`;
    case 'dh':
      return 'DH';
  }
}

/** `2024-06-01` */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** `list.ml (vouched for by C=UT, CN=CSCA)` */
export function sourceName({ file, voucher }: Source): string {
  return voucher === '' ? file : `${file} (vouched for by ${voucher})`;
}

/** What list and show print with --json. */
export function describeCertificate(certificate: Certificate, sources: readonly Source[]) {
  return {
    fingerprint: certificate.fingerprint,
    subject: certificate.subject.toString(),
    issuer: certificate.issuer.toString(),
    country: certificate.subject.country,
    serial: certificate.serialHex,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    key: keyName(certificate),
    subjectKeyIdentifier: subjectKeyId(certificate) ?? null,
    authorityKeyIdentifier: authorityKeyId(certificate) ?? null,
    link: !certificate.selfIssued,
    mayVouchForLists: sources.some(({ kind }) => kind === 'root'),
    deviations: deviationsOf(certificate, 'anchor').map(({ rule, detail }) => `${rule}: ${detail}`),
    sources,
  };
}
