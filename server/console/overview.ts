/** From readings of the counters to what an operator looks at: rates, waiting times, the mix of outcomes. */
import type {
  EndpointAnswer,
  OutcomeAnswer,
  OutcomeKind,
  OverviewAnswer,
  PointAnswer,
} from './answer.ts';
import { quantile } from './quantile.ts';
import { type Buckets, type EndpointReading, ofEachKind, type Reading } from './reading.ts';

/** "Now" is at least this long, so that single requests do not look like bursts. */
const CURRENT_MS = 10_000;

/** What the readings say. @param readings oldest first, at least one */
export function overviewOf(
  readings: readonly Reading[],
): Pick<OverviewAnswer, 'current' | 'history' | 'endpoints' | 'outcomes' | 'livenessScores'> {
  const [first] = readings, last = readings[readings.length - 1];
  const before = readings.findLast(({ atMs }) => atMs <= last.atMs - CURRENT_MS) ?? first;
  // the last reading was taken for this answer and is no full step
  const kept = readings.slice(0, -1);
  return {
    // a server that has just started had nothing to do before
    current: pointOf(before, last, CURRENT_MS),
    history: kept.slice(1).map((reading, i) => pointOf(kept[i], reading)),
    endpoints: endpointsOf(first, last),
    outcomes: ofEachKind((kind) => outcomesOf(kind, first, last)),
    livenessScores: {
      bounds: last.scores.bounds,
      recent: grown(first.scores, last.scores),
      sinceStart: last.scores.counts,
    },
  };
}

/** Values that came between two readings, by bucket. */
function grown(before: Buckets | undefined, after: Buckets): number[] {
  return after.counts.map((count, i) => count - (before?.counts[i] ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function pointOf(before: Reading, after: Reading, leastMs = 1): PointAnswer {
  const seconds = Math.max(after.atMs - before.atMs, leastMs) / 1000;
  const perSecond = (count: number) => count / seconds;
  let counts: number[] = [];
  let bounds: readonly number[] = [];
  let failed = 0;
  for (const [path, endpoint] of after.endpoints) {
    const earlier = before.endpoints.get(path);
    const own = grown(earlier, endpoint);
    counts = own.map((count, i) => count + (counts[i] ?? 0));
    bounds = endpoint.bounds;
    failed += endpoint.failed - (earlier?.failed ?? 0);
  }
  return {
    at: new Date(after.atMs).toISOString(),
    perSecond: perSecond(sum(counts)),
    failedPerSecond: perSecond(failed),
    ...timesOf({ bounds, counts }),
    queued: after.queued,
    busy: after.busy,
  };
}

function timesOf({ bounds, counts }: Buckets): Pick<PointAnswer, 'p50Ms' | 'p99Ms'> {
  const ms = (share: number) => {
    const seconds = quantile(bounds, counts, share);
    return seconds === undefined ? null : seconds * 1000;
  };
  return { p50Ms: ms(0.5), p99Ms: ms(0.99) };
}

/** Busiest first. */
function endpointsOf(first: Reading, last: Reading): EndpointAnswer[] {
  const answers = [...last.endpoints].map(([path, after]) =>
    endpointOf(first.endpoints.get(path), after)
  );
  return answers.filter(({ requests }) => requests > 0)
    .sort((a, b) => b.requests - a.requests);
}

function endpointOf(before: EndpointReading | undefined, after: EndpointReading): EndpointAnswer {
  const { family, endpoint, bounds } = after;
  const counts = grown(before, after);
  return {
    family,
    endpoint,
    requests: sum(counts),
    refused: after.refused - (before?.refused ?? 0),
    failed: after.failed - (before?.failed ?? 0),
    ...timesOf({ bounds, counts }),
  };
}

/** Those that have come up, in the order of the metric. */
function outcomesOf(kind: OutcomeKind, first: Reading, last: Reading): OutcomeAnswer[] {
  return [...last.outcomes[kind]]
    .filter(([, sinceStart]) => sinceStart > 0)
    .map(([name, sinceStart]) => ({
      name,
      recent: sinceStart - (first.outcomes[kind].get(name) ?? 0),
      sinceStart,
    }));
}
