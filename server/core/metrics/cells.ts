/**
 * One value for each combination of label values of a metric. The values of a label are a closed list, and
 * what is not on it counts as `other`: no client can make the set of series grow.
 */
import type { Sample } from './exposition.ts';

/** Label -> every value it may have. */
export type Labels = Readonly<Record<string, readonly string[]>>;

export type Values<L extends Labels> = Readonly<Record<keyof L, string>>;

/** In the place of a value that is not on the list of its label. */
const OTHER = 'other';
/** Families with no more series than this show them from the start, so that the first event is a rise from 0. */
const SHOWN_FROM_START = 64;

/** One value for each combination of label values that has come up. */
export class Cells<L extends Labels, Cell> {
  readonly #names: readonly string[];
  readonly #values: readonly (readonly string[])[];
  readonly #places: readonly ReadonlyMap<string, number>[];
  readonly #cells = new Map<number, { labels: Sample['labels']; cell: Cell }>();
  readonly #create: () => Cell;

  constructor(labels: Labels, create: () => Cell) {
    this.#names = Object.keys(labels);
    this.#values = Object.values(labels).map((values) => [...new Set(values).add(OTHER)]);
    this.#places = this.#values.map((values) => new Map(values.map((value, i) => [value, i])));
    this.#create = create;
    this.#showAll();
  }

  of(values: Values<L>): Cell {
    let key = 0;
    for (let i = 0; i < this.#names.length; i++) {
      const last = this.#values[i].length - 1;
      key = key * (last + 1) + (this.#places[i].get(values[this.#names[i]]) ?? last);
    }
    return (this.#cells.get(key) ?? this.#add(key, values)).cell;
  }

  /** In the order of the lists. */
  get list(): { labels: Sample['labels']; cell: Cell }[] {
    return [...this.#cells].sort(([a], [b]) => a - b).map(([, entry]) => entry);
  }

  #add(key: number, values: Values<L>) {
    const labels = this.#names.map((name, i) =>
      [name, this.#places[i].has(values[name]) ? values[name] : OTHER] as const
    );
    const entry = { labels, cell: this.#create() };
    this.#cells.set(key, entry);
    return entry;
  }

  #showAll(): void {
    const named = this.#values.map((values) => values.filter((value) => value !== OTHER));
    if (named.reduce((count, { length }) => count * length, 1) > SHOWN_FROM_START) return;
    const all = named.reduce<string[][]>(
      (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
      [[]],
    );
    for (const row of all) {
      this.of(Object.fromEntries(this.#names.map((name, i) => [name, row[i]])) as Values<L>);
    }
  }
}
