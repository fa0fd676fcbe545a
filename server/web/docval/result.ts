/** Shows a result: verdict in words, portrait and holder, the tree of checks, the result as it came. */
import type { ValidateOutcome } from '../docval-client/docval-client.d.ts';
import { element, make, say } from '../home/dom.ts';
import { type Check, checksOf, verdictOf } from './checks.ts';
import { pictureKind } from './picture.ts';
import { statedChecks } from './statement.ts';
import { strings } from './strings.ts';

type Passport = NonNullable<ValidateOutcome['passport']>;

/** Characters of a Base64 text that are shown. */
const SHOWN_CHARACTERS = 64;
const MARKS = { passed: '✓', failed: '✗', absent: '–', skipped: '–' } as const;

/**
 * Shows a result.
 * @returns the verdict in a few words, to be announced
 */
export function showResult({ passport, signedResult }: ValidateOutcome): string | undefined {
  if (passport === null) return undefined;
  const kind = verdictOf(passport);
  const { headline, detail } = strings.verdict[kind];
  const tone = kind === 'good' || kind === 'fair' ? kind : 'bad';
  element('verdict', HTMLElement).className = `verdict ${tone}`;
  element('headline', HTMLElement).textContent = headline;
  element('detail', HTMLElement).textContent = detail;
  showPortrait(passport.face_photo);
  showHolder(passport.mrz_info);
  const checks = checksOf(passport, statedChecks(signedResult));
  element('checks', HTMLElement).replaceChildren(...checks.map(branch));
  const whole = {
    emrtd_passport: passport,
    ...(signedResult !== null && { signed_result: signedResult }),
  };
  element('json-text', HTMLElement).textContent = JSON.stringify(whole, shorten, 2);
  element('result', HTMLElement).hidden = false;
  return headline;
}

/** Takes back what was shown, the portrait out of memory as well. */
export function hideResult(): void {
  element('result', HTMLElement).hidden = true;
  const image = element('portrait', HTMLImageElement);
  URL.revokeObjectURL(image.src);
  image.removeAttribute('src');
  image.hidden = true;
  for (const id of ['data', 'checks', 'json-text']) element(id, HTMLElement).replaceChildren();
}

function shorten(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 2 * SHOWN_CHARACTERS
    ? value.slice(0, SHOWN_CHARACTERS) + strings.shortened(value.length)
    : value;
}

function showPortrait(photo: Passport['face_photo']): void {
  const image = element('portrait', HTMLImageElement);
  const note = element('no-portrait', HTMLElement);
  const bytes = Uint8Array.from(atob(photo ?? ''), (char) => char.charCodeAt(0));
  const kind = photo === null ? 'absent' : pictureKind(bytes);
  say(note, kind === 'jpeg' ? undefined : strings.noPortrait[kind]);
  if (kind !== 'jpeg') return;
  image.src = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
  image.hidden = false;
  image.onerror = () => {
    image.hidden = true;
    say(note, strings.noPortrait.unknown);
  };
}

function showHolder(zone: Passport['mrz_info']): void {
  if (zone === null) return;
  const { data, gender } = strings;
  const name = [...zone.secondary_identifier, zone.primary_identifier].join(' ');
  const rows: [string, string][] = [
    [data.name, name],
    [data.number, zone.document_number],
    [data.document, `${zone.document_code}, ${zone.document_type}`],
    [data.state, zone.issuing_state],
    [data.nationality, zone.nationality],
    [data.birth, dateOf(zone.date_of_birth, new Date().getUTCFullYear() % 100)],
    [data.sex, gender[zone.gender] ?? zone.gender],
    [data.expiry, dateOf(zone.date_of_expiry, 99)],
  ];
  element('data', HTMLElement).replaceChildren(...rows.map(([term, text]) => {
    const row = make('div', '');
    row.append(make('dt', '', term), make('dd', '', text === '' ? data.none : text));
    return row;
  }));
}

/** `yyMMdd` as 1974-08-12; years up to `lastYear` are those of this century. Others are shown as they came. */
function dateOf(text: string, lastYear: number): string {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return text;
  return `${Number(year) <= lastYear ? '20' : '19'}${year}-${month}-${day}`;
}

function branch({ name, state, notes, parts, single = [] }: Check): HTMLElement {
  const item = make('li', state);
  const line = make('span', 'line');
  const mark = make('span', 'mark', MARKS[state]);
  mark.setAttribute('aria-hidden', 'true');
  line.append(mark, make('span', 'name', name), ' ', make('span', 'state', strings.state[state]));
  item.append(line, ...notes.map((note) => make('p', 'reason', note)));
  if (parts.length > 0) {
    const list = make('ul', '');
    list.append(...parts.map(branch));
    item.append(list);
  }
  if (single.length > 0) item.append(folded(single));
  return item;
}

/** The single checks behind one of the tree, shown when asked for. */
function folded(single: readonly Check[]): HTMLElement {
  const details = document.createElement('details');
  const list = make('ul', '');
  list.append(...single.map(branch));
  details.append(make('summary', '', strings.single(single.length)), list);
  return details;
}
