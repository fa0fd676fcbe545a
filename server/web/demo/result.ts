/** Shows an answer: verdict, picture, measures, templates to keep. */
import { element, make, say } from '../home/dom.ts';
import type { Answer } from './api.ts';
import { text } from './language.ts';
import { drawMarks } from './marks.ts';

const EXTENSIONS: Readonly<Record<string, string>> = {
  JPEG: 'jpg',
  PNG: 'png',
  ISO_19794_5: 'fir',
  IDENTY_TYPE_1: 'bin',
};

let urls: string[] = [];

export function showCaptured(answer: Answer): void {
  const { data, icao_data: icao } = answer;
  if (answer.code !== 200) return showRefused(answer);
  const level = data?.as_highest_security_level_reached;
  showVerdict('good', text.said.captured, level ? text.said.live + level : text.said.notChecked);
  showPicture(data?.templates?.JPEG);
  drawMarks(icao);
  showMeasures({ ...data?.quality, ...icao });
  showTemplates({ '': data?.templates ?? {}, ICAO_: icao?.templates ?? {} });
}

export function showMatched(answer: Answer): void {
  if (answer.code !== 200) return showRefused(answer);
  const { possibleMatch, similarityScore, matchHighestSecurityLevelReached: level } = answer;
  const detail = [text.said.score + similarityScore, level && text.said.levelReached + level];
  showVerdict(
    possibleMatch ? 'good' : 'bad',
    possibleMatch ? text.said.same : text.said.different,
    detail.filter(Boolean).join(' · '),
  );
}

/** An answer that is no success, by its name; what the page does not know is shown as it came. */
function showRefused(answer: Answer): void {
  const name = answer.feedbackCode ?? answer.message ?? '';
  const words: Readonly<Record<string, string>> = text.codes;
  const known = words[name] ?? words[answer.message ?? ''] ?? answer.message ?? name;
  showVerdict('bad', text.said.notTaken, `${known} (${text.said.code} ${answer.code}, ${name})`);
  if (answer.data?.image === undefined) return;
  clear();
  showPicture(answer.data.image);
}

function showVerdict(tone: 'good' | 'bad', headline: string, detail: string): void {
  element('verdict', HTMLElement).className = `verdict ${tone}`;
  element('headline', HTMLElement).textContent = headline;
  element('detail', HTMLElement).textContent = detail;
  element('result', HTMLElement).hidden = false;
  say(element('problem', HTMLElement), undefined);
}

function clear(): void {
  drawMarks(undefined);
  showMeasures({});
  showTemplates({});
}

function showPicture(base64: string | undefined): void {
  const picture = element('picture', HTMLImageElement);
  if (base64 !== undefined) picture.src = `data:image/jpeg;base64,${base64}`;
  picture.hidden = base64 === undefined;
}

function showMeasures(measures: Readonly<Record<string, unknown>>): void {
  const names: Readonly<Record<string, string>> = text.measures;
  const rows = Object.entries(measures).flatMap(([name, value]) => {
    if (!(name in names)) return [];
    const row = make('tr', '');
    const head = make('th', '', names[name]);
    head.setAttribute('scope', 'row');
    row.append(head, make('td', '', valueText(value)));
    return [row];
  });
  const table = element('measures', HTMLTableElement);
  table.tBodies[0].replaceChildren(...rows);
  table.hidden = rows.length === 0;
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? text.said.yes : text.said.no;
  if (value === 'OPEN') return text.said.open;
  if (value === 'CLOSED') return text.said.closed;
  return typeof value === 'number' ? String(Math.round(value)) : String(value ?? '');
}

/** @param groups prefix of the file names -> format -> Base64 */
function showTemplates(groups: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  urls.forEach((url) => URL.revokeObjectURL(url));
  urls = [];
  const links = Object.entries(groups).flatMap(([prefix, templates]) =>
    Object.entries(templates).map(([format, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
      urls.push(url);
      const link = document.createElement('a');
      const name = `${prefix}${format}`;
      Object.assign(link, { href: url, textContent: name });
      link.download = `face-${name.toLowerCase()}.${EXTENSIONS[format] ?? 'bin'}`;
      return link;
    })
  );
  element('templates', HTMLElement).replaceChildren(...links);
  element('templates-part', HTMLElement).hidden = links.length === 0;
}
