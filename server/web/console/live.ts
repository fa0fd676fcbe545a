/** The live section: charts, endpoints, outcomes, liveness scores. */
import type { OutcomeKind, OverviewAnswer } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { barChart } from './chart.ts';
import { clock, count, duration, rate } from './format.ts';
import { renew } from './renew.ts';
import { strings } from './strings.ts';
import { cell, type Column, tableOf } from './table.ts';
import { showTiles } from './tiles.ts';

const { column } = strings;

type Point = OverviewAnswer['history'][number];
type Endpoint = OverviewAnswer['endpoints'][number];
type Score = { readonly title: string; readonly recent: number; readonly sinceStart: number };

const HISTORY: readonly Column<Point>[] = [
  { title: column.time, text: ({ at }) => clock(at), kind: 'word' },
  { title: column.perSecond, text: ({ perSecond }) => rate(perSecond) },
  { title: column.failed, text: ({ failedPerSecond }) => rate(failedPerSecond) },
  { title: column.p50, text: ({ p50Ms }) => duration(p50Ms) },
  { title: column.p99, text: ({ p99Ms }) => duration(p99Ms) },
  { title: column.queued, text: ({ queued }) => count(queued) },
  { title: column.busy, text: ({ busy }) => count(busy) },
];

const ENDPOINTS: readonly Column<Endpoint>[] = [
  { title: column.endpoint, text: ({ endpoint }) => endpoint, kind: 'code' },
  { title: column.requests, text: ({ requests }) => count(requests) },
  { title: column.refused, text: ({ refused }) => count(refused) },
  {
    title: column.failures,
    text: ({ failed }) => count(failed),
    mark: ({ failed }) => failed > 0 ? 'bad' : '',
  },
  { title: column.p50, text: ({ p50Ms }) => duration(p50Ms) },
  { title: column.p99, text: ({ p99Ms }) => duration(p99Ms) },
];

const SCORES: readonly Column<Score>[] = [
  { title: column.score, text: ({ title }) => title, kind: 'word' },
  { title: column.recent, text: ({ recent }) => count(recent) },
  { title: column.sinceStart, text: ({ sinceStart }) => count(sinceStart) },
];

export function showLive(overview: OverviewAnswer): void {
  showTiles(overview);
  if (element('history', HTMLDetailsElement).open) showHistory(overview);
  const { endpoints } = overview;
  renew(
    element('endpoints', HTMLElement),
    endpoints.length === 0
      ? make('p', 'note', strings.noRequests)
      : tableOf(strings.page.endpoints, ENDPOINTS, endpoints),
  );
  showOutcomes(overview.outcomes);
  showScores(overview.livenessScores);
}

/** Newest first. */
export function showHistory({ history }: OverviewAnswer): void {
  const name = strings.page.historyTable;
  renew(element('history-table', HTMLElement), tableOf(name, HISTORY, history.toReversed()));
}

function showOutcomes(outcomes: OverviewAnswer['outcomes']): void {
  const place = element('outcomes', HTMLElement);
  const kinds = (Object.keys(strings.outcomeKind) as OutcomeKind[])
    .filter((kind) => outcomes[kind].length > 0);
  if (kinds.length === 0) return renew(place, make('p', 'note', strings.noOutcomes));
  const table = make('table', 'outcomes');
  const head = make('thead', '');
  const titles = make('tr', '');
  titles.append(
    ...[column.outcome, column.recent, column.sinceStart].map((t) => cell('th', '', t, 'col')),
  );
  head.append(titles);
  table.append(head, ...kinds.map((kind) => group(kind, outcomes[kind])));
  table.setAttribute('aria-label', strings.page.outcomes);
  renew(place, table);
}

function group(kind: OutcomeKind, outcomes: OverviewAnswer['outcomes'][OutcomeKind]): HTMLElement {
  const body = make('tbody', '');
  const name = cell('th', 'group', strings.outcomeKind[kind], 'rowgroup');
  name.setAttribute('colspan', '3');
  const first = make('tr', '');
  first.append(name);
  const all = outcomes.reduce((sum, { sinceStart }) => sum + sinceStart, 0);
  body.append(
    first,
    ...outcomes.map(({ name, recent, sinceStart }) => {
      const row = make('tr', '');
      const title = cell('th', '', strings.outcome(name), 'row');
      const bar = make('span', 'share');
      bar.style.setProperty('--share', String(sinceStart / all));
      title.append(bar);
      row.append(title, cell('td', '', count(recent)), cell('td', '', count(sinceStart)));
      return row;
    }),
  );
  return body;
}

function showScores({ bounds, recent, sinceStart }: OverviewAnswer['livenessScores']): void {
  const classes = bounds.map((bound, i): Score => ({
    title: `${(i === 0 ? 0 : bounds[i - 1]).toFixed(2)} – ${bound.toFixed(2)}`,
    recent: recent[i],
    sinceStart: sinceStart[i],
  }));
  const total = (scores: readonly Score[]) =>
    scores.reduce((sum, { sinceStart }) => sum + sinceStart, 0);
  const all = total(classes);
  const low = total(classes.filter((_, i) => bounds[i] <= 0.5));
  const place = element('scores', HTMLElement);
  const details = element('scores-details', HTMLDetailsElement);
  details.hidden = all === 0;
  if (all === 0) return renew(place, make('p', 'note', strings.noScores));
  const ends = make('p', 'ends hint');
  ends.append(
    ...['0', strings.scoresShort(count(all)), '1'].map((text) => make('span', '', text)),
  );
  renew(
    place,
    barChart(
      strings.scores(count(all), count(low), count(all - low)),
      classes.map(({ sinceStart }) => sinceStart),
    ),
    ends,
  );
  if (!details.open) return;
  const name = strings.page.scoresTable;
  renew(element('scores-table', HTMLElement), tableOf(name, SCORES, classes));
}
