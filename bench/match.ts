/**
 * Matches per second through HTTP against the same pictures through nothing but the networks, in one
 * run and one process, alternating, so that a noisy machine disturbs both alike. "ratio" compares the
 * rates by the clock, with the load generator on the same cores; "CPU ratio" compares the processor
 * time of this process per match.
 */
import '../server/core/native/libraries.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FaceEngine } from '../server/core/face/engine.ts';
import { packPath } from '../server/core/model-pack.ts';
import { createLogger, loadConfig, startServer } from '../server/mod.ts';
import { benchmarkSelfies } from './selfies.ts';
import { percentile, printTable } from './statistics.ts';

interface ClientResult {
  readonly times: number[];
  readonly wrong: number;
  readonly ms: number;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '10' },
      workers: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const seconds = Number(values.seconds), workers = Number(values.workers);
  const pack = await packPath(undefined, () => {});
  const pictures = await benchmarkSelfies();
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  const body = join(folder, 'body.json');
  await Bun.write(body, JSON.stringify(requestBody(pictures)));

  const log = createLogger('error', () => {});
  const config = loadConfig({}, { port: 0, workers });
  const faces = new FaceEngine({ workers, queueLimit: config.queueLimit, log });
  const server = startServer(config, { faces, log });
  await faces.start(pack);
  const bare = await startBareNetworks(pack, pictures, workers, seconds);
  try {
    // Long enough for both workers to compile their hot paths.
    await load(server.url, 4, 8, body);
    const rows = [[
      'concurrency',
      'matches/s',
      'per core',
      'p50 ms',
      'p99 ms',
      'bare/s',
      'ratio',
      'CPU ms',
      'bare CPU ms',
      'CPU ratio',
      'RSS MB',
    ]];
    for (const concurrency of [1, 4, 16]) {
      let used = process.cpuUsage();
      const http = await load(server.url, concurrency, seconds, body);
      const cpuMs = cpuMsSince(used) / http.times.length;
      used = process.cpuUsage();
      const limit = await bare.run();
      const bareCpuMs = cpuMsSince(used) / limit.matches;
      const rate = http.times.length / http.ms * 1000;
      if (http.wrong > 0) throw new Error(`${http.wrong} requests failed`);
      rows.push([
        String(concurrency),
        rate.toFixed(2),
        (rate / workers).toFixed(2),
        percentile(http.times, 0.5).toFixed(0),
        percentile(http.times, 0.99).toFixed(0),
        limit.rate.toFixed(2),
        (rate / limit.rate).toFixed(3),
        cpuMs.toFixed(1),
        bareCpuMs.toFixed(1),
        (bareCpuMs / cpuMs).toFixed(3),
        (process.memoryUsage().rss / 1e6).toFixed(0),
      ]);
    }
    console.log(`match: two 480x640 JPEG selfies, ${workers} workers, ${seconds} s each`);
    printTable(rows);
  } finally {
    bare.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
  process.exit(0);
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function requestBody([image, imageToVerifyAgainst]: Uint8Array[]) {
  const input = (bytes: Uint8Array) => ({ template: bytes.toBase64(), format: 'JPEG' });
  return {
    image: input(image),
    imageToVerifyAgainst: input(imageToVerifyAgainst),
    level: 'HIGH',
  };
}

async function load(
  url: string,
  concurrency: number,
  seconds: number,
  body: string,
): Promise<ClientResult> {
  const client = Bun.spawn([
    process.execPath,
    join(import.meta.dir, 'match-client.ts'),
    new URL('/api/v1/matchWithSelfie', url).href,
    String(concurrency),
    String(seconds),
    body,
  ], { stdout: 'pipe' });
  return JSON.parse(await new Response(client.stdout).text());
}

/** One worker per core that repeats the pipeline's network calls; `run` gives matches per second of all. */
async function startBareNetworks(
  packPath: string,
  pictures: Uint8Array[],
  count: number,
  seconds: number,
) {
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./bare-networks.ts', import.meta.url)),
  );
  const next = (worker: Worker) =>
    new Promise<MessageEvent>((resolve) =>
      worker.addEventListener('message', resolve, { once: true })
    );
  await Promise.all(workers.map((worker) => {
    worker.postMessage({ packPath, pictures, seconds });
    return next(worker);
  }));
  return {
    async run(): Promise<{ rate: number; matches: number }> {
      const results = await Promise.all(workers.map((worker) => {
        worker.postMessage('go');
        return next(worker);
      }));
      const sum = (value: (data: { matches: number; ms: number }) => number) =>
        results.reduce((total, { data }) => total + value(data), 0);
      return {
        rate: sum(({ matches, ms }) => matches / ms * 1000),
        matches: sum(({ matches }) => matches),
      };
    },
    close: () => workers.forEach((worker) => worker.terminate()),
  };
}
