/** The four charts at the top: how much, how fast, how long the queue, how often it went wrong. */
import type { OverviewAnswer, PointAnswer } from '../../console/answer.ts';
import { element, make } from '../home/dom.ts';
import { type Line, lineChart } from './chart.ts';
import { count, duration, rate } from './format.ts';
import { renew } from './renew.ts';
import { strings } from './strings.ts';

type Key = 'key' | 'key second';

interface Tile {
  readonly title: string;
  /** The numbers of now, what they count, and the line that shows them where there are two. */
  readonly now: (overview: OverviewAnswer) => readonly [value: string, unit: string, key?: Key][];
  readonly lines: readonly (readonly [
    className: string,
    value: (point: PointAnswer) => number | null,
  ])[];
  /** What "highest" is of. */
  readonly peak: (point: PointAnswer) => number | null;
  readonly write: (value: number) => string;
  /** Of the scale at least, so that nothing looks like much. */
  readonly leastTop: number;
}

const TILES: readonly Tile[] = [
  {
    title: strings.tile.throughput,
    now: ({ current }) => [[rate(current.perSecond), strings.unit.perSecond]],
    lines: [['line', ({ perSecond }) => perSecond]],
    peak: ({ perSecond }) => perSecond,
    write: rate,
    leastTop: 1,
  },
  {
    title: strings.tile.latency,
    now: ({ current: { p50Ms, p99Ms } }) =>
      p99Ms === null ? [[strings.none, strings.quiet]] : [
        [duration(p50Ms), strings.unit.p50, 'key'],
        [duration(p99Ms), strings.unit.p99, 'key second'],
      ],
    lines: [['line second', ({ p99Ms }) => p99Ms], ['line', ({ p50Ms }) => p50Ms]],
    peak: ({ p99Ms }) => p99Ms,
    write: duration,
    leastTop: 10,
  },
  {
    title: strings.tile.queue,
    now: ({ current, engine: { busy, idle, restarts } }) => [
      [count(current.queued), strings.unit.queued, 'key'],
      [
        count(busy),
        strings.workers(busy + idle) + (restarts > 0 ? strings.restarts(restarts) : ''),
        'key second',
      ],
    ],
    lines: [['line second', ({ busy }) => busy], ['line', ({ queued }) => queued]],
    peak: ({ queued }) => queued,
    write: count,
    leastTop: 4,
  },
  {
    title: strings.tile.failures,
    now: ({ current }) => [[rate(current.failedPerSecond), strings.unit.perSecond]],
    lines: [['line bad', ({ failedPerSecond }) => failedPerSecond]],
    peak: ({ failedPerSecond }) => failedPerSecond,
    write: rate,
    leastTop: 1,
  },
];

export function showTiles(overview: OverviewAnswer): void {
  renew(element('tiles', HTMLElement), ...TILES.map((tile) => drawn(tile, overview)));
}

function drawn(tile: Tile, overview: OverviewAnswer): HTMLElement {
  const { title, now, lines, peak, write, leastTop } = tile;
  const { history, now: at, windowS, current } = overview;
  const points = [...history, current];
  const nowMs = Date.parse(at);
  const places = points.map(({ at }) =>
    Math.min(1, Math.max(0, 1 - (nowMs - Date.parse(at)) / 1000 / windowS))
  );
  const drawnLines = lines.map(([className, value]): Line => ({
    className,
    values: points.map(value),
  }));
  const highestOf = (values: readonly (number | null)[]) =>
    Math.max(0, ...values.map((value) => value ?? 0));
  const highest = highestOf(points.map(peak));
  const numbers = now(overview);
  const card = make('div', 'card tile');
  const figures = make('div', 'figures');
  figures.append(...numbers.map(([value, unit, key = '']) => {
    const figure = make('p', '');
    figure.append(make('strong', '', value), ' ', make('span', `unit ${key}`, unit));
    return figure;
  }));
  const said = numbers.map(([value, unit]) => `${value} ${unit}`).join(', ');
  const chart = lineChart(
    strings.chart(title, said, write(highest)),
    places,
    drawnLines,
    Math.max(highestOf(drawnLines.flatMap(({ values }) => values)), leastTop),
  );
  const ends = make('p', 'ends hint');
  ends.append(
    make('span', '', strings.ago),
    make('span', '', strings.highest(write(highest))),
    make('span', '', strings.rightNow),
  );
  card.append(make('h3', '', title), figures, chart, ends);
  return card;
}
