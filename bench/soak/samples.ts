/** What a process holds, sampled while it runs, and whether that grows. */
import type { Server } from '../appliance/server.ts';
import { percentile } from '../statistics.ts';

interface Sample {
  readonly atMs: number;
  readonly rssMb: number;
  readonly openFiles: number;
  readonly threads: number;
}

/** A measure over the run. */
export interface Course {
  /** Medians of the tenths of the run. */
  readonly tenths: readonly number[];
  /** By least squares over all but the first tenth, in an hour. */
  readonly slopePerHour: number;
}

export type Measure = 'rssMb' | 'openFiles' | 'threads';

const TENTHS = 10;
const HOUR_MS = 3_600_000;

export class Samples {
  readonly #samples: Sample[] = [];
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(server: Server, everyMs: number) {
    this.#timer = setInterval(() => {
      if (!server.alive) return;
      const { rssMb, openFiles, threads } = server;
      this.#samples.push({ atMs: performance.now(), rssMb, openFiles, threads });
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get count(): number {
    return this.#samples.length;
  }

  courseOf(measure: Measure): Course {
    const size = this.#samples.length / TENTHS;
    const tenths = Array.from({ length: TENTHS }, (_, i) => {
      const tenth = this.#samples.slice(Math.floor(i * size), Math.floor((i + 1) * size));
      return percentile(tenth.map((sample) => sample[measure]), 0.5);
    });
    const settled = this.#samples.slice(Math.floor(size));
    const points = settled.map((sample) => [sample.atMs / HOUR_MS, sample[measure]] as const);
    return { tenths, slopePerHour: slopeOf(points) };
  }
}

function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const meanX = mean(points.map(([x]) => x)), meanY = mean(points.map(([, y]) => y));
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
