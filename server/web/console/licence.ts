/** The licence: where it stands, what it is for, and a meter of its volume. */
import type { LicenceAnswer } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { count, day, moment } from './format.ts';
import { strings } from './strings.ts';

const { licence: names, all } = strings;

export function showLicence(answer: LicenceAnswer): void {
  const { status, reason, until, answers, writable, licence, used } = answer;
  const calm = status === 'valid' || status === 'evaluation';
  const standing = make('p', `standing ${answers ? (calm ? 'good' : 'fair') : 'bad'}`);
  standing.textContent = strings.licenceStatus(status, reason) +
    (until === null ? '' : strings.licenceUntil(moment(until)));
  const facts = make('dl', 'facts-list');
  if (licence !== null) {
    facts.append(
      fact(names.id, licence.id),
      fact(names.customer, licence.customer),
      fact(names.issuer, licence.issuer),
      fact(names.time, strings.span(day(licence.from), day(licence.to))),
      fact(names.grace, count(licence.graceDays)),
      fact(names.domains, licence.domains.join(', ') || all),
      fact(names.features, licence.features.join(', ')),
    );
  }
  const volume = licence?.volume ?? null;
  facts.append(
    volume === null ? fact(names.volume, strings.used(count(used))) : fact(
      names.volume,
      strings.volume(
        count(used),
        count(volume.transactions),
        strings.period[volume.per],
        strings.overage[volume.overage],
      ),
      meterOf(used, volume.transactions),
    ),
  );
  const card = make('div', 'card');
  card.append(standing);
  if (!writable) card.append(make('p', 'problem', strings.notWritable));
  card.append(facts);
  element('licence-contents', HTMLElement).replaceChildren(card);
}

function fact(name: string, value: string, below?: HTMLElement): HTMLElement {
  const pair = make('div', '');
  const said = make('dd', '', value);
  if (below !== undefined) said.append(below);
  pair.append(make('dt', '', name), said);
  return pair;
}

function meterOf(used: number, most: number): HTMLElement {
  const meter = document.createElement('meter');
  Object.assign(meter, { max: most, high: 0.9 * most, optimum: 0, value: used });
  meter.setAttribute('aria-label', strings.meter);
  return meter;
}
