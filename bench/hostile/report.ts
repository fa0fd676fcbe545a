/** What came of a run: a row for each kind, memory, health, log; and whether anything was wrong. */
import type { Verdict } from './exchange.ts';
import { percentile } from '../statistics.ts';

interface Tally {
  sent: number;
  right: number;
  slowestMs: number;
  readonly answers: Map<string, number>;
}

/** Verdicts by kind. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  add(kind: string, { ok, answer, ms }: Verdict): void {
    const tally = this.#tallies.get(kind) ??
      { sent: 0, right: 0, slowestMs: 0, answers: new Map() };
    this.#tallies.set(kind, tally);
    tally.sent++;
    if (ok) tally.right++;
    tally.slowestMs = Math.max(tally.slowestMs, ms);
    const said = ok ? answer : `WRONG ${answer}`;
    tally.answers.set(said, (tally.answers.get(said) ?? 0) + 1);
  }

  get sent(): number {
    return this.#sum(({ sent }) => sent);
  }

  get wrong(): number {
    return this.#sum(({ sent, right }) => sent - right);
  }

  /** @param kinds in the order of the rows; those that were not sent have none */
  print(kinds: readonly string[]): void {
    const width = Math.max(...kinds.map((kind) => kind.length));
    const row = (kind: string, sent: string, right: string, ms: string, answers: string) =>
      console.log(
        `${kind.padEnd(width)} ${sent.padStart(6)} ${right.padStart(6)} ${
          ms.padStart(8)
        }  ${answers}`,
      );
    row('kind', 'sent', 'right', 'at most', 'answers');
    for (const kind of kinds) {
      const tally = this.#tallies.get(kind);
      if (tally === undefined) continue;
      const answers = [...tally.answers].map(([answer, times]) => `${times} x ${answer}`);
      row(
        kind,
        String(tally.sent),
        String(tally.right),
        `${tally.slowestMs.toFixed(0)} ms`,
        answers.join('; '),
      );
    }
  }

  #sum(of: (tally: Tally) => number): number {
    return [...this.#tallies.values()].reduce((sum, tally) => sum + of(tally), 0);
  }
}

/** Share by which memory may lie above that of the first half of the run. */
const GROWTH = 0.25;

/** Whether memory at the end is about what it was at the middle; the first samples are the start. */
export function isFlat(rssMb: readonly number[]): boolean {
  const half = Math.ceil(rssMb.length / 2);
  const early = Math.max(...rssMb.slice(0, half)), late = percentile(rssMb.slice(half), 0.5);
  return late <= early * (1 + GROWTH);
}
