/**
 * Metrics as text: the Prometheus exposition format 0.0.4, and OpenMetrics 1.0 for scrapers that ask for it.
 * The two differ in the names of counters and in the last line.
 */
export type MetricType = 'counter' | 'gauge' | 'histogram';

export interface Sample {
  /** What follows the name of the family: `_bucket`, `_sum`, `_count` of a histogram. */
  readonly suffix: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

export interface SampledFamily {
  /** Of a counter without `_total`. */
  readonly base: string;
  readonly type: MetricType;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** What a scraper is given, by its Accept header. */
export function contentTypeFor(accept: string | null): typeof TEXT_TYPE | typeof OPENMETRICS_TYPE {
  const asked = (accept ?? '').toLowerCase().includes('application/openmetrics-text');
  return asked ? OPENMETRICS_TYPE : TEXT_TYPE;
}

/** @param contentType of the answer, as `contentTypeFor` chose it */
export function writeMetrics(families: readonly SampledFamily[], contentType: string): string {
  const open = contentType === OPENMETRICS_TYPE;
  const lines = families.flatMap(({ base, type, help, samples }) => {
    const total = type === 'counter' ? '_total' : '';
    const family = open ? base : base + total;
    return [
      `# HELP ${family} ${escape(help, open)}`,
      `# TYPE ${family} ${type}`,
      ...samples.map(({ suffix, labels, value }) =>
        `${base}${total}${suffix}${writeLabels(labels)} ${writeNumber(value)}`
      ),
    ];
  });
  return [...lines, ...(open ? ['# EOF'] : []), ''].join('\n');
}

function writeLabels(labels: Sample['labels']): string {
  if (labels.length === 0) return '';
  return `{${labels.map(([name, value]) => `${name}="${escape(value, true)}"`).join(',')}}`;
}

function escape(text: string, quotes: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quotes ? escaped.replaceAll('"', '\\"') : escaped;
}

function writeNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
