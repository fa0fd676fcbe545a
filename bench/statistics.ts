/** Numbers of a benchmark run. */

/** Value below which a share of the sorted values lies; `share` 0..1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Prints rows in aligned columns, the first row as the head. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows) {
    console.log(
      row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join('  '),
    );
  }
}

/** What some work costs. */
export interface StepCost {
  readonly name: string;
  /** Of the process, mean of the rounds. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Times steps one after the other, round by round, after some rounds that warm up. */
export async function timeSteps(
  steps: readonly (readonly [name: string, work: () => unknown])[],
  rounds: number,
  warmUp: number,
): Promise<StepCost[]> {
  const times = steps.map((): number[] => []), cpuMs = steps.map(() => 0);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [i, [, step]] of steps.entries()) {
      const used = process.cpuUsage(), start = performance.now();
      await step();
      if (round < 0) continue;
      times[i].push(performance.now() - start);
      const { user, system } = process.cpuUsage(used);
      cpuMs[i] += (user + system) / 1000 / rounds;
    }
  }
  return steps.map(([name], i) => ({
    name,
    cpuMs: cpuMs[i],
    p50Ms: percentile(times[i], 0.5),
    p99Ms: percentile(times[i], 0.99),
  }));
}
