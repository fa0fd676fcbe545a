/** The trust store as an operator looks at it: which states, until when, and how old the revocation lists are. */
import type { TrustStore } from '../../emrtd/mod.ts';
import { DAY_MS } from '../core/day.ts';
import type { CertificateAnswer, CrlAnswer, TrustAnswer, Validity } from './answer.ts';

export function trustAnswer(store: TrustStore, readable: boolean, now: Date): TrustAnswer {
  const { anchors, documentSigners, crls, deviationLists } = store.contents;
  const certificates = (['csca', 'document-signer'] as const).flatMap((kind) =>
    [...(kind === 'csca' ? anchors : documentSigners).values()].map(
      (
        { object: { subject, serialHex, fingerprint, notBefore, notAfter } },
      ): CertificateAnswer => ({
        kind,
        country: subject.country,
        subject: subject.toString(),
        serial: serialHex,
        fingerprint,
        notBefore: notBefore.toISOString(),
        notAfter: notAfter.toISOString(),
        validity: validityOf(notBefore, notAfter, now),
      }),
    )
  );
  const lists = [...crls.values()].map(({ object }): CrlAnswer => ({
    country: object.issuer.country,
    issuer: object.issuer.toString(),
    thisUpdate: object.thisUpdate.toISOString(),
    nextUpdate: object.nextUpdate?.toISOString() ?? null,
    ageDays: Math.floor((now.getTime() - object.thisUpdate.getTime()) / DAY_MS),
    due: object.nextUpdate !== undefined && object.nextUpdate < now,
    revoked: object.size,
  }));
  const inOrder = (a: CertificateAnswer, b: CertificateAnswer) =>
    `${a.country} ${a.notAfter}`.localeCompare(`${b.country} ${b.notAfter}`);
  return {
    readable,
    deviationLists: deviationLists.size,
    certificates: certificates.sort(inOrder),
    crls: lists.sort((a, b) => a.issuer.localeCompare(b.issuer)),
  };
}

function validityOf(notBefore: Date, notAfter: Date, now: Date): Validity {
  if (notAfter < now) return 'expired';
  if (notBefore > now) return 'not-yet-valid';
  const days = (notAfter.getTime() - now.getTime()) / DAY_MS;
  if (days <= 30) return 'within-30-days';
  return days <= 90 ? 'within-90-days' : 'valid';
}
