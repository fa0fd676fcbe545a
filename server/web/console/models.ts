/** The model pack: networks, what levels are supported and on which data, model cards. */
import type { ModelsAnswer } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { count, share } from './format.ts';
import { markdown } from './markdown.ts';
import { renew } from './renew.ts';
import { strings } from './strings.ts';
import { type Column, tableOf } from './table.ts';

const { column, yes, no } = strings;

const NETWORKS: readonly Column<ModelsAnswer['networks'][number]>[] = [
  { title: column.network, text: ({ title }) => title, kind: 'word' },
  { title: column.task, text: ({ task }) => task, kind: 'word' },
  { title: column.input, text: ({ input }) => input, kind: 'word' },
  { title: column.precision, text: ({ precision }) => precision, kind: 'word' },
  { title: column.origin, text: ({ origin }) => origin, kind: 'word' },
  { title: column.licence, text: ({ licence }) => licence, kind: 'word' },
];

type Level = NonNullable<ModelsAnswer['liveness']>['levels'][number];
const LEVELS: readonly Column<Level>[] = [
  { title: column.level, text: ({ level }) => level, kind: 'code' },
  {
    title: column.supported,
    text: ({ supported }) => supported ? yes : no,
    kind: 'word',
    mark: ({ supported }) => supported ? 'good' : 'bad',
  },
  { title: column.apcer, text: ({ targetApcer }) => share(targetApcer) },
  { title: column.bpcer, text: ({ bpcer }) => share(bpcer) },
  { title: column.reason, text: ({ reason }) => reason, kind: 'word' },
];

const POINTS: readonly Column<ModelsAnswer['matching']['points'][number]>[] = [
  {
    title: column.fmr,
    text: ({ fmr, extrapolated }) => share(fmr) + (extrapolated ? strings.extrapolated : ''),
    kind: 'word',
  },
  { title: column.fnmr, text: ({ fnmr }) => share(fnmr) },
  { title: column.threshold, text: ({ threshold }) => threshold.toFixed(4) },
];

/** @param answer undefined while the networks are not loaded */
export function showModels(answer: ModelsAnswer | undefined): void {
  const summary = element('models-summary', HTMLElement);
  element('models-contents', HTMLElement).hidden = answer === undefined;
  if (answer === undefined) {
    summary.textContent = strings.modelsNotReady;
    return;
  }
  const { pack, networks, liveness, matching, cards } = answer;
  summary.replaceChildren(
    `${strings.pack(pack.name, pack.version, pack.signed)} ${pack.description} `,
    make('span', 'code', strings.packId(pack.id)),
  );
  renew(element('networks', HTMLElement), tableOf(strings.page.networks, NETWORKS, networks));
  element('liveness-data', HTMLElement).textContent = liveness === null
    ? strings.noLiveness
    : `${strings.evidence[liveness.evidence]} ${strings.livenessData(liveness.data)}`;
  const levels = element('liveness-levels', HTMLElement);
  if (liveness === null) levels.replaceChildren();
  else renew(levels, tableOf(strings.page.livenessLevels, LEVELS, liveness.levels));
  const { data, identities, impostorPairs, points } = matching;
  element('matching-data', HTMLElement).textContent = strings.matchingData(
    data,
    count(identities),
    count(impostorPairs),
  );
  renew(element('matching', HTMLElement), tableOf(strings.page.matching, POINTS, points));
  element('cards', HTMLElement).replaceChildren(...cards.map(cardOf));
}

function cardOf({ name, text }: ModelsAnswer['cards'][number]): HTMLElement {
  const details = make('details', '');
  const [, title = name] = /^# (.+)$/m.exec(text) ?? [];
  const body = make('div', 'model-card');
  body.append(...markdown(text.replace(/^# .+\n/, '')));
  details.append(make('summary', '', title), body);
  return details;
}
