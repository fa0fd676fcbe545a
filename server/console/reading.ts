/** What the console takes out of the metrics at a moment: numbers only, since many readings are kept. */
import type { Sample, SampledFamily } from '../core/metrics/exposition.ts';
import type { Registry } from '../core/metrics/registry.ts';
import type { OutcomeKind } from './answer.ts';

const REQUESTS = 'gatehouse_http_request_duration_seconds';
const SCORES = 'gatehouse_liveness_score_ratio';

/** Metric and label that say how something went. */
const OUTCOMES: Readonly<Record<OutcomeKind, readonly [metric: string, label: string]>> = {
  'match': ['gatehouse_match_outcomes_total', 'level'],
  'liveness': ['gatehouse_liveness_decisions_total', 'outcome'],
  'document': ['gatehouse_docval_documents_total', 'passive_authentication'],
  'chip-session': ['gatehouse_docval_sessions_total', 'outcome'],
  'identy': ['gatehouse_identy_answers_total', 'outcome'],
};

const NAMES = new Set([REQUESTS, SCORES, ...Object.values(OUTCOMES).map(([metric]) => metric)]);

/** Families whose requests are no work: probes, pages, and the console that looks on. */
const UNCOUNTED = ['monitoring', 'web', 'console'];

export function ofEachKind<T>(make: (kind: OutcomeKind) => T): Record<OutcomeKind, T> {
  return {
    'match': make('match'),
    'liveness': make('liveness'),
    'document': make('document'),
    'chip-session': make('chip-session'),
    'identy': make('identy'),
  };
}

/** Values of a histogram in each of its buckets, the last one without an upper end. */
export interface Buckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Since the start of the server. */
export interface EndpointReading extends Buckets {
  readonly family: string;
  readonly endpoint: string;
  readonly refused: number;
  readonly failed: number;
}

export interface Reading {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** By path. */
  readonly endpoints: ReadonlyMap<string, EndpointReading>;
  readonly outcomes: Readonly<Record<OutcomeKind, ReadonlyMap<string, number>>>;
  readonly scores: Buckets;
  readonly queued: number;
  readonly busy: number;
}

/** Looks at the counters now. */
export async function takeReading(
  registry: Registry,
  pool: { readonly queued: number; readonly busy: number },
  atMs: number,
): Promise<Reading> {
  const { queued, busy } = pool;
  const families = await registry.collect(NAMES);
  const samplesOf = (name: string) =>
    families.find(({ base }) => base === name.replace(/_total$/, ''))?.samples ?? [];
  return {
    atMs,
    endpoints: endpointsOf(samplesOf(REQUESTS)),
    outcomes: ofEachKind((kind) => {
      const [metric, label] = OUTCOMES[kind];
      return sumsBy(samplesOf(metric), label);
    }),
    scores: bucketsOf(samplesOf(SCORES)),
    queued,
    busy,
  };
}

type Samples = SampledFamily['samples'];

function labelOf({ labels }: Sample, name: string): string {
  return labels.find(([label]) => label === name)?.[1] ?? '';
}

function sumsBy(samples: Samples, label: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const sample of samples) {
    const value = labelOf(sample, label);
    sums.set(value, (sums.get(value) ?? 0) + sample.value);
  }
  return sums;
}

/** The buckets of all series together. */
function bucketsOf(samples: Samples): Buckets {
  const upTo = sumsBy(samples.filter(({ suffix }) => suffix === '_bucket'), 'le');
  const bounds = [...upTo.keys()].filter((le) => le !== '+Inf').map(Number);
  const sums = [...upTo.values()];
  return { bounds, counts: sums.map((sum, i) => i === 0 ? sum : sum - sums[i - 1]) };
}

function endpointsOf(samples: Samples): Map<string, EndpointReading> {
  const byEndpoint = Map.groupBy(
    samples.filter((sample) => !UNCOUNTED.includes(labelOf(sample, 'family'))),
    (sample) => labelOf(sample, 'endpoint'),
  );
  return new Map([...byEndpoint].map(([endpoint, own]) => {
    const answered = own.filter(({ suffix }) => suffix === '_count');
    const ofClass = (digit: string) =>
      answered.filter((sample) => labelOf(sample, 'code').startsWith(digit))
        .reduce((sum, { value }) => sum + value, 0);
    return [endpoint, {
      family: labelOf(own[0], 'family'),
      endpoint,
      ...bucketsOf(own),
      refused: ofClass('4'),
      failed: ofClass('5'),
    }];
  }));
}
