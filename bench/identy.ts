/**
 * `npm run bench -- identy`: every endpoint of the IDENTY API through HTTP, against the same pictures through
 * nothing but the networks in the same run, and against the rates that the API's vendor publishes per core.
 * "Per core" is by the processor time of the server, so that neither the load generator nor other work on the
 * machine counts; "by the clock" is with both.
 */
import '../server/core/native/libraries.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FaceEngine } from '../server/core/face/engine.ts';
import { packPath } from '../server/core/model-pack.ts';
import { createLogger, loadConfig, openCaptureKeys, startServer } from '../server/mod.ts';
import { cpuMsSince, load, startBareNetworks } from './http-load.ts';
import { type EndpointBench, endpointBenches } from './identy/endpoints.ts';
import { type EndpointRate, ratesChart } from './identy/rates-chart.ts';
import { percentile, printTable } from './statistics.ts';

const CONCURRENCY = 4;
const WARM_UP_SECONDS = 4;
/** Both are measured in turn, so that a noisy machine disturbs them alike. */
const SLICES = 4;

interface Measured extends EndpointRate {
  readonly timesMs: readonly number[];
  /** Requests per second and core by the clock, with the load generator on the same cores. */
  readonly byClock: number;
}

/**
 * `--seconds N` (10) for each endpoint, `--workers N` (one per core), `--pack PATH`, `--chart FILE`: an SVG
 * of the rates.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '10' },
      workers: { type: 'string', default: String(availableParallelism()) },
      pack: { type: 'string' },
      chart: { type: 'string' },
    },
  });
  const seconds = Number(values.seconds), workers = Number(values.workers);
  const pack = await packPath(values.pack, () => {});
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  const captureKeys = await openCaptureKeys(folder);
  await rm(folder, { recursive: true });

  const log = createLogger('error', () => {});
  const config = loadConfig({}, { port: 0, workers });
  const faces = new FaceEngine({ workers, queueLimit: config.queueLimit, log });
  const server = startServer(config, { faces, log, captureKeys });
  await faces.start(pack);
  const { id, spki } = captureKeys.current;
  const key = { kid: id, spki: spki.toBase64() };
  const measured: Measured[] = [];
  try {
    for (const bench of await endpointBenches(key)) {
      measured.push(await measure(bench, { url: server.url, pack, workers, seconds }));
    }
  } finally {
    await server.stop();
  }
  console.log(
    `480x640 JPEG selfies, ${workers} workers, ${CONCURRENCY} clients, ${seconds} s each`,
  );
  print(measured);
  if (values.chart !== undefined) {
    const machine = `${workers} cores of ${cpus()[0].model.trim()}`;
    await Bun.write(values.chart, ratesChart(machine, measured));
  }
  process.exit(0);
}

/** Where and how long. */
interface Setting {
  readonly url: string;
  readonly pack: string;
  readonly workers: number;
  readonly seconds: number;
}

async function measure(
  { path, note, request, looks, published }: EndpointBench,
  { url: base, pack, workers, seconds }: Setting,
): Promise<Measured> {
  const url = new URL(`/api/v1/${path}`, base).href;
  const slice = seconds / SLICES;
  const networks = looks.length === 0
    ? undefined
    : await startBareNetworks({ packPath: pack, looks, seconds: slice }, workers);
  await load(url, request, CONCURRENCY, WARM_UP_SECONDS);
  const http = { times: [] as number[], ms: 0, cpuMs: 0 }, bare = { rounds: 0, cpuMs: 0 };
  for (let i = 0; i < SLICES; i++) {
    let used = process.cpuUsage();
    const { codes, times, ms } = await load(url, request, CONCURRENCY, slice);
    http.cpuMs += cpuMsSince(used);
    http.ms += ms;
    http.times.push(...times);
    // 401: a picture that was not found live has cost as much
    const answered = (codes[200] ?? 0) + (codes[401] ?? 0);
    if (answered !== times.length) throw new Error(`${path}: ${JSON.stringify(codes)}`);
    used = process.cpuUsage();
    bare.rounds += (await networks?.run())?.rounds ?? 0;
    bare.cpuMs += cpuMsSince(used);
  }
  networks?.close();
  return {
    name: note === undefined ? path : `${path}, ${note}`,
    perCore: 1000 * http.times.length / http.cpuMs,
    ...(networks && { barePerCore: 1000 * bare.rounds / bare.cpuMs }),
    ...(published && { published }),
    timesMs: http.times,
    byClock: http.times.length / http.ms * 1000 / workers,
  };
}

function print(measured: readonly Measured[]): void {
  const ms = (perCore: number) => (1000 / perCore).toFixed(2);
  const rows = measured.map(({ name, perCore, timesMs, byClock, barePerCore, published }) => [
    name,
    perCore.toFixed(1),
    barePerCore?.toFixed(1) ?? '',
    barePerCore === undefined ? '' : (perCore / barePerCore).toFixed(2),
    published?.map((rate) => rate.toFixed(2)).join('-') ?? '',
    ms(perCore),
    barePerCore === undefined ? '' : ms(barePerCore),
    byClock.toFixed(1),
    percentile(timesMs, 0.5).toFixed(1),
    percentile(timesMs, 0.99).toFixed(1),
  ]);
  const rates = ['per core', 'bare', 'ratio', 'published'];
  printTable([
    ['endpoint', ...rates, 'CPU ms', 'bare CPU ms', 'by the clock', 'p50 ms', 'p99 ms'],
    ...rows,
  ]);
}
