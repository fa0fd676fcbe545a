/** Load on a running server from a process of its own, and the networks alone in workers of this one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BareWork } from './bare-networks.ts';
import type { BenchRequest, ClientResult } from './http-client.ts';

export function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

export async function load(
  url: string,
  request: BenchRequest,
  concurrency: number,
  seconds: number,
): Promise<ClientResult> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  const file = join(folder, 'request.json');
  await Bun.write(file, JSON.stringify(request));
  try {
    const client = Bun.spawn([
      process.execPath,
      join(import.meta.dir, 'http-client.ts'),
      url,
      String(concurrency),
      String(seconds),
      file,
    ], { stdout: 'pipe' });
    return JSON.parse(await new Response(client.stdout).text());
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One worker per core that repeats the network calls of some work; `run` gives rounds per second of all. */
export async function startBareNetworks(work: BareWork, count: number) {
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./bare-networks.ts', import.meta.url)),
  );
  const next = (worker: Worker) =>
    new Promise<MessageEvent>((resolve) =>
      worker.addEventListener('message', resolve, { once: true })
    );
  await Promise.all(workers.map((worker) => {
    worker.postMessage(work);
    return next(worker);
  }));
  return {
    async run(): Promise<{ rate: number; rounds: number }> {
      const results = await Promise.all(workers.map((worker) => {
        worker.postMessage('go');
        return next(worker);
      }));
      const sum = (value: (data: { rounds: number; ms: number }) => number) =>
        results.reduce((total, { data }) => total + value(data), 0);
      return {
        rate: sum(({ rounds, ms }) => rounds / ms * 1000),
        rounds: sum(({ rounds }) => rounds),
      };
    },
    close: () => workers.forEach((worker) => worker.terminate()),
  };
}
