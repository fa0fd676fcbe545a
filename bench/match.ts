/**
 * Matches per second through HTTP against the same pictures through nothing but the networks, in one
 * run and one process, alternating, so that a noisy machine disturbs both alike. "ratio" compares the
 * rates by the clock, with the load generator on the same cores; "CPU ratio" compares the processor
 * time of this process per match.
 */
import '../server/core/native/libraries.ts';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { FaceEngine } from '../server/core/face/engine.ts';
import { packPath } from '../server/core/model-pack.ts';
import { createLogger, loadConfig, startServer } from '../server/mod.ts';
import type { BenchRequest } from './http-client.ts';
import { cpuMsSince, load, startBareNetworks } from './http-load.ts';
import { benchmarkSelfies } from './selfies.ts';
import { percentile, printTable } from './statistics.ts';

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
  const request: BenchRequest = { kind: 'json', body: JSON.stringify(requestBody(pictures)) };

  const log = createLogger('error', () => {});
  const config = loadConfig({}, { port: 0, workers });
  const faces = new FaceEngine({ workers, queueLimit: config.queueLimit, log });
  const server = startServer(config, { faces, log });
  await faces.start(pack);
  const url = new URL('/api/v1/matchWithSelfie', server.url).href;
  const looks = pictures.map((picture) => ({ picture, wants: {} }));
  const bare = await startBareNetworks({ packPath: pack, looks, seconds }, workers);
  try {
    // Long enough for both workers to compile their hot paths.
    await load(url, request, 4, 8);
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
      const http = await load(url, request, concurrency, seconds);
      const cpuMs = cpuMsSince(used) / http.times.length;
      used = process.cpuUsage();
      const limit = await bare.run();
      const bareCpuMs = cpuMsSince(used) / limit.rounds;
      const rate = http.times.length / http.ms * 1000;
      if (http.codes[200] !== http.times.length) throw new Error('requests failed');
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
  }
  process.exit(0);
}

function requestBody([image, imageToVerifyAgainst]: Uint8Array[]) {
  const input = (bytes: Uint8Array) => ({ template: bytes.toBase64(), format: 'JPEG' });
  return {
    image: input(image),
    imageToVerifyAgainst: input(imageToVerifyAgainst),
    level: 'HIGH',
  };
}
