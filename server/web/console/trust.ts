/** The trust store: countries, certificates that end soon, revocation lists. */
import type { CertificateAnswer, CrlAnswer, TrustAnswer, Validity } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { count, countryName, day } from './format.ts';
import { renew } from './renew.ts';
import { strings } from './strings.ts';
import { type Column, tableOf } from './table.ts';

const { column } = strings;

/** More rows help nobody; the filters lead to the others. */
const MOST_ROWS = 200;

interface Country {
  readonly code: string;
  readonly certificates: readonly CertificateAnswer[];
  readonly crls: readonly CrlAnswer[];
}

type Choice = 'soon' | 'all' | Validity;
const CHOICES: readonly (readonly [Choice, string])[] = [
  ['soon', strings.endsSoon],
  ['within-30-days', strings.validity['within-30-days']],
  ['within-90-days', strings.validity['within-90-days']],
  ['expired', strings.validity.expired],
  ['not-yet-valid', strings.validity['not-yet-valid']],
  ['valid', strings.validity.valid],
  ['all', strings.all],
];

function number({ certificates }: Country, holds: (one: CertificateAnswer) => boolean): string {
  return count(certificates.filter(holds).length);
}

function marked(mark: string, ...validities: Validity[]) {
  return ({ certificates }: Country) =>
    certificates.some(({ validity }) => validities.includes(validity)) ? mark : '';
}

const ageOf = ({ ageDays, due }: CrlAnswer) => {
  const age = strings.days(ageDays);
  return due ? strings.crlDue(age) : age;
};

const COUNTRIES: readonly Column<Country>[] = [
  { title: column.country, text: ({ code }) => countryName(code), kind: 'word' },
  { title: column.code, text: ({ code }) => code, kind: 'word' },
  { title: column.csca, text: (of) => number(of, ({ kind }) => kind === 'csca') },
  { title: column.signers, text: (of) => number(of, ({ kind }) => kind === 'document-signer') },
  {
    title: column.within30,
    text: (of) => number(of, ({ validity }) => validity === 'within-30-days'),
    mark: marked('bad', 'within-30-days'),
  },
  {
    title: column.within90,
    text: (of) => number(of, ({ validity }) => /within/.test(validity)),
    mark: marked('fair', 'within-30-days', 'within-90-days'),
  },
  { title: column.expired, text: (of) => number(of, ({ validity }) => validity === 'expired') },
  {
    title: column.crl,
    // the newest is the one that counts
    text: ({ crls }) => crls.length === 0 ? strings.none : ageOf(newest(crls)),
    mark: ({ crls }) => crls.length > 0 && newest(crls).due ? 'bad' : '',
  },
];

function newest(crls: readonly CrlAnswer[]): CrlAnswer {
  return crls.reduce((best, crl) => crl.thisUpdate > best.thisUpdate ? crl : best);
}

const TONES: Readonly<Record<Validity, string>> = {
  'not-yet-valid': 'fair',
  'valid': '',
  'within-90-days': 'fair',
  'within-30-days': 'bad',
  'expired': 'bad',
};

const CERTIFICATES: readonly Column<CertificateAnswer>[] = [
  { title: column.subject, text: ({ subject }) => subject, kind: 'word' },
  { title: column.kind, text: ({ kind }) => strings.certificateKind[kind], kind: 'word' },
  { title: column.from, text: ({ notBefore }) => day(notBefore) },
  { title: column.until, text: ({ notAfter }) => day(notAfter) },
  {
    title: column.state,
    text: ({ validity }) => strings.validity[validity],
    kind: 'word',
    mark: ({ validity }) => TONES[validity],
  },
];

const CRLS: readonly Column<CrlAnswer>[] = [
  { title: column.issuer, text: ({ issuer }) => issuer, kind: 'word' },
  { title: column.age, text: ageOf, mark: ({ due }) => due ? 'bad' : '' },
  {
    title: column.nextUpdate,
    text: ({ nextUpdate }) => nextUpdate === null ? strings.none : day(nextUpdate),
  },
  { title: column.revoked, text: ({ revoked }) => count(revoked) },
];

let shown: TrustAnswer | undefined;

export function showTrust(answer: TrustAnswer): void {
  shown = answer;
  const { certificates, crls, readable, deviationLists } = answer;
  const countries = countriesOf(answer);
  const csca = certificates.filter(({ kind }) => kind === 'csca');
  const numbers = [
    csca.length,
    new Set(csca.map(({ country }) => country)).size,
    certificates.length - csca.length,
    crls.length,
    deviationLists,
  ].map(count) as [string, string, string, string, string];
  const empty = certificates.length === 0 && crls.length === 0;
  element('trust-summary', HTMLElement).textContent = [
    readable ? '' : strings.trustUnreadable,
    empty ? strings.trustEmpty : strings.trust(...numbers),
  ].join(' ').trim();
  element('trust-contents', HTMLElement).hidden = empty;
  renew(
    element('countries', HTMLElement),
    tableOf(strings.page.countries, COUNTRIES, countries),
  );
  options(element('country', HTMLSelectElement), [
    ['', strings.all],
    ...countries.map(({ code }) => [code || '-', countryName(code)] as const),
  ]);
  options(element('validity', HTMLSelectElement), CHOICES);
  showCertificates();
  renew(
    element('crls', HTMLElement),
    crls.length === 0 ? make('p', 'note', strings.noCrls) : tableOf(strings.page.crls, CRLS, crls),
  );
}

function countriesOf({ certificates, crls }: TrustAnswer): Country[] {
  const codes = [...new Set([...certificates, ...crls].map(({ country }) => country))];
  return codes.map((code) => ({
    code,
    certificates: certificates.filter(({ country }) => country === code),
    crls: crls.filter(({ country }) => country === code),
  })).sort((a, b) => countryName(a.code).localeCompare(countryName(b.code)));
}

/** Fills a choice anew and keeps what was chosen. */
function options(select: HTMLSelectElement, all: readonly (readonly [string, string])[]): void {
  const before = select.value;
  select.replaceChildren(...all.map(([value, text]) => new Option(text, value)));
  if (all.some(([value]) => value === before)) select.value = before;
}

/** Those that the filters let through. */
export function showCertificates(): void {
  if (shown === undefined) return;
  const country = element('country', HTMLSelectElement).value;
  const choice = element('validity', HTMLSelectElement).value as Choice;
  const found = shown.certificates.filter((one) =>
    (country === '' || (one.country || '-') === country) && isOf(one.validity, choice)
  );
  const rows = found.slice(0, MOST_ROWS);
  element('certificates-count', HTMLElement).textContent = strings.shown(
    count(rows.length),
    count(found.length === rows.length ? shown.certificates.length : found.length),
  );
  renew(
    element('certificates', HTMLElement),
    rows.length === 0
      ? make('p', 'note', strings.noCertificates)
      : tableOf(strings.page.certificates, CERTIFICATES, rows),
  );
}

function isOf(validity: Validity, choice: Choice): boolean {
  if (choice === 'all') return true;
  if (choice === 'soon') return validity === 'expired' || /within/.test(validity);
  return validity === choice;
}
