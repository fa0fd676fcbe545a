/** Where the licence stands and how much of it is used. */
import type { Licensing } from '../core/licence/licensing.ts';
import type { LicenceAnswer } from './answer.ts';

export function licenceAnswer(
  { standing, terms, writable }: Pick<Licensing, 'standing' | 'terms' | 'writable'>,
): LicenceAnswer {
  const { status, reason, untilMs, answers } = standing;
  const { licence, used } = terms;
  return {
    status,
    reason,
    until: untilMs === undefined ? null : new Date(untilMs).toISOString(),
    answers,
    licence: licence === undefined ? null : {
      id: licence.jti,
      customer: licence.sub,
      issuer: licence.iss,
      from: timeOf(licence.nbf),
      to: timeOf(licence.exp),
      graceDays: licence.grace_days,
      domains: licence.domains,
      features: licence.features,
      volume: licence.volume ?? null,
    },
    used,
    writable,
  };
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
