/**
 * Executions of parsers by fuzz tests: each ends in a result or in an EmrtdError of sensible length, and
 * what the slowest took (processor time) and the largest array asked for are kept. FUZZ_RUNS makes a long run print them.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'bun:test';
import { EmrtdError } from '../../../emrtd/errors.ts';
import { AskedArrays } from './asked-arrays.ts';

const SLOW_MS = 10;
const TRIES = 4;
const MAX_MESSAGE = 600;

/** Largest address space that this process ever had, in MiB, untouched memory included; Linux only. */
function peakMiB(): number {
  const [, kib] = /VmPeak:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return Number(kib) / 1024;
}

/** Milliseconds of processor time that this thread has had: others on the machine do not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function judge(error: unknown): void {
  if (!(error instanceof EmrtdError)) throw error;
  expect(error.message.length).toBeLessThan(MAX_MESSAGE);
}

const loadedMiB = peakMiB();

/** The executions of one fuzz test. */
export class Executions {
  #count = 0;
  #slowestMs = 0;
  readonly #arrays = new AskedArrays();

  get largestArray(): number {
    return this.#arrays.largest;
  }

  /**
   * Runs a parser: true when it gave a result, false for a typed error; anything else escapes. A slow
   * run is made again and the fastest counts: what stays slow is the parser, not the garbage collector.
   */
  run(parse: () => unknown): boolean {
    let given = true;
    let bestMs = Infinity;
    for (let tries = 0; tries < TRIES && bestMs > SLOW_MS; tries++) {
      const startMs = cpuMs();
      try {
        this.#arrays.during(parse);
      } catch (error) {
        judge(error);
        given = false;
      }
      bestMs = Math.min(bestMs, cpuMs() - startMs);
    }
    this.#note(bestMs);
    return given;
  }

  /** As `run`, for what gives a promise. */
  async runAsync(talk: () => Promise<unknown>): Promise<boolean> {
    let given = true;
    let bestMs = Infinity;
    for (let tries = 0; tries < TRIES && bestMs > SLOW_MS; tries++) {
      const startMs = cpuMs();
      try {
        await this.#arrays.during(talk);
      } catch (error) {
        judge(error);
        given = false;
      }
      bestMs = Math.min(bestMs, cpuMs() - startMs);
    }
    this.#note(bestMs);
    return given;
  }

  #note(ms: number): void {
    this.#count++;
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }

  /** One line for the record. */
  toString(): string {
    return `${this.#count} executions, slowest ${this.#slowestMs.toFixed(1)} ms, ` +
      `largest array ${this.#arrays.largest} bytes, ` +
      `address space grew by ${(peakMiB() - loadedMiB).toFixed(0)} MiB`;
  }
}

/**
 * The last test of a file: no execution asked for an array of more than `maxArray` bytes. A long run
 * prints the record here; time is not judged, as the machine may be busy.
 */
export function testExecutions(all: ReadonlyMap<string, Executions>, maxArray: number): void {
  test('no execution asks for more memory than its limit', () => {
    for (const [what, executions] of all) {
      expect(executions.largestArray).toBeLessThanOrEqual(maxArray);
      if (process.env.FUZZ_RUNS !== undefined) console.log(`${what}: ${executions}`);
    }
  });
}
