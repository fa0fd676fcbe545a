/**
 * The metrics of the server: counters, histograms, and values that are read when somebody asks. Why this is
 * our own code is said in `docs/dependencies.md`.
 */
import { Cells, type Labels, type Values } from './cells.ts';
import type { MetricType, Sample, SampledFamily } from './exposition.ts';

/** The longest text of an information label. */
const MAX_TEXT = 128;

export interface Declaration<L extends Labels = Labels> {
  /** By the conventions of Prometheus: with its unit, and `_total` at the end of a counter. */
  readonly name: string;
  readonly help: string;
  readonly labels?: L;
}

/** A family as documentation lists it. */
export interface Described extends Declaration {
  readonly type: MetricType;
  /** Labels whose one value is a text of this installation, such as a version. */
  readonly texts: readonly string[];
}

/** Counts events; only ever grows. */
export class Counter<L extends Labels> {
  readonly #cells: Cells<L, { value: number }>;

  constructor(labels: L) {
    this.#cells = new Cells(labels, () => ({ value: 0 }));
  }

  add(values: Values<L>, count = 1): void {
    this.#cells.of(values).value += count;
  }

  get samples(): Sample[] {
    return this.#cells.list.map(({ labels, cell: { value } }) => ({ suffix: '', labels, value }));
  }
}

/** Counts values by their size. */
export class Histogram<L extends Labels> {
  readonly #bounds: readonly number[];
  readonly #cells: Cells<L, { counts: Float64Array; sum: number }>;

  /** @param bounds upper ends of the buckets, ascending; one without end is added */
  constructor(labels: L, bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#cells = new Cells(
      labels,
      () => ({ counts: new Float64Array(bounds.length + 1), sum: 0 }),
    );
  }

  observe(values: Values<L>, value: number): void {
    const cell = this.#cells.of(values);
    let i = 0;
    while (i < this.#bounds.length && value > this.#bounds[i]) i++;
    cell.counts[i]++;
    cell.sum += value;
  }

  get samples(): Sample[] {
    return this.#cells.list.flatMap(({ labels, cell: { counts, sum } }) => {
      let count = 0;
      const buckets = [...this.#bounds, Infinity].map((bound, i): Sample => {
        const le = bound === Infinity ? '+Inf' : String(bound);
        return { suffix: '_bucket', labels: [...labels, ['le', le]], value: count += counts[i] };
      });
      return [
        ...buckets,
        { suffix: '_sum', labels, value: sum },
        { suffix: '_count', labels, value: count },
      ];
    });
  }
}

interface Family {
  readonly described: Described;
  readonly samples: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** Sets the value of one series. */
export type SetValue<L extends Labels> = (values: Values<L>, value: number) => void;

export class Registry {
  readonly #families: Family[] = [];

  counter<const L extends Labels>(declaration: Declaration<L>): Counter<L> {
    const counter = new Counter<L>(declaration.labels ?? {} as L);
    this.#add('counter', declaration, [], () => counter.samples);
    return counter;
  }

  /** @param bounds upper ends of the buckets, ascending, in the unit of the name */
  histogram<const L extends Labels>(
    declaration: Declaration<L>,
    bounds: readonly number[],
  ): Histogram<L> {
    const histogram = new Histogram<L>(declaration.labels ?? {} as L, bounds);
    this.#add('histogram', declaration, [], () => histogram.samples);
    return histogram;
  }

  /**
   * Values that are kept elsewhere and read at every scrape.
   * @param read sets the series there are now; when it throws there are none
   */
  measured<const L extends Labels>(
    type: 'counter' | 'gauge',
    declaration: Declaration<L>,
    read: (set: SetValue<L>) => void | Promise<void>,
  ): void {
    this.#add(type, declaration, [], async () => {
      const cells = new Cells<L, { value: number }>(
        declaration.labels ?? {} as L,
        () => ({ value: 0 }),
      );
      await read((values, value) => cells.of(values).value = value);
      return cells.list.map(({ labels, cell: { value } }) => ({ suffix: '', labels, value }));
    });
  }

  /**
   * One series of value 1 whose labels say what runs here; none where `read` gives none.
   * @param texts names of the labels
   */
  info<const T extends string>(
    declaration: Pick<Declaration, 'name' | 'help'>,
    texts: readonly T[],
    read: () => Readonly<Record<T, string>> | undefined,
  ): void {
    this.#add('gauge', declaration, texts, () => {
      const values = read();
      if (values === undefined) return [];
      const labels = texts.map((name) => [name, values[name].slice(0, MAX_TEXT)] as const);
      return [{ suffix: '', labels, value: 1 }];
    });
  }

  /** Every family, in the order of their declarations. */
  get declarations(): readonly Described[] {
    return this.#families.map(({ described }) => described);
  }

  /**
   * The values now.
   * @param names families to read; all of them unless given
   */
  async collect(names?: ReadonlySet<string>): Promise<SampledFamily[]> {
    const families: SampledFamily[] = [];
    for (const { described: { name, type, help }, samples } of this.#families) {
      if (names?.has(name) === false) continue;
      const base = type === 'counter' ? name.replace(/_total$/, '') : name;
      families.push({ base, type, help, samples: await valuesOrNone(samples) });
    }
    return families;
  }

  #add(
    type: MetricType,
    declaration: Declaration,
    texts: readonly string[],
    samples: Family['samples'],
  ): void {
    const { name } = declaration;
    if (this.#families.some(({ described }) => described.name === name)) {
      throw new TypeError(`metric ${name} is declared twice`);
    }
    this.#families.push({ described: { ...declaration, type, texts }, samples });
  }
}

async function valuesOrNone(samples: Family['samples']): Promise<readonly Sample[]> {
  try {
    return await samples();
  } catch {
    // what cannot be read now must not hide the rest
    return [];
  }
}
