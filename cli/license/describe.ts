/** Licences and reports in words. */
import type { Licence } from '../../server/core/licence/format.ts';
import type { LedgerReport } from '../../server/core/ledger/report.ts';

const time = (seconds: number): string => new Date(seconds * 1000).toISOString();

export function licenceRows(licence: Licence): [string, string][] {
  const { jti, iss, sub, iat, nbf, exp, grace_days, domains, features, volume } = licence;
  return [
    ['licence', jti],
    ['issuer', iss],
    ['customer', sub],
    ['issued', time(iat)],
    ['begins', time(nbf)],
    ['ends', time(exp)],
    ['days of grace', String(grace_days)],
    ['domains', domains.join(', ') || 'any'],
    ['features', features.join(', ')],
    [
      'volume',
      volume === undefined
        ? 'without limit'
        : `${volume.transactions} per ${volume.per}, then ${volume.overage}`,
    ],
  ];
}

export function reportRows(report: LedgerReport): string[][] {
  const { from, to, total, transactions, first, last, chain } = report;
  const state = chain.broken === null
    ? `intact, ${chain.records} rows, signed up to row ${chain.signed_to}`
    : `BROKEN: row ${chain.broken.seq} ${chain.broken.reason}`;
  return [
    ['days', `${from} to ${to}`],
    ...transactions.map(({ licence, action, day, count }) => [
      day,
      `${count} x ${action}, licence ${licence}`,
    ]),
    ['total', String(total)],
    ['first row', first === null ? 'none' : `${first.seq}, after ${first.previous}`],
    ['last row', last === null ? 'none' : `${last.seq}, ${last.hash}`],
    ['ledger', state],
  ];
}
