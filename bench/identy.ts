/**
 * `npm run bench -- identy`: every endpoint of the IDENTY API through HTTP, against the same pictures through
 * nothing but the networks in the same run, and against the rates that the API's vendor publishes per core.
 * The ratios are as in the benchmark `match`.
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

interface Measured extends EndpointRate {
  readonly timesMs: readonly number[];
  /** Of this process a request: the server, and nothing but the networks. */
  readonly cpuMs: number;
  readonly bareCpuMs?: number;
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
  const bare = looks.length === 0
    ? undefined
    : await startBareNetworks({ packPath: pack, looks, seconds }, workers);
  await load(url, request, CONCURRENCY, WARM_UP_SECONDS);
  let used = process.cpuUsage();
  const { codes, times, ms } = await load(url, request, CONCURRENCY, seconds);
  const cpuMs = cpuMsSince(used) / times.length;
  used = process.cpuUsage();
  const limit = await bare?.run();
  const bareMs = cpuMsSince(used);
  bare?.close();
  // 401: a picture that was not found live has cost as much
  const answered = (codes[200] ?? 0) + (codes[401] ?? 0);
  if (answered !== times.length) throw new Error(`${path}: ${JSON.stringify(codes)}`);
  return {
    name: note === undefined ? path : `${path}, ${note}`,
    perCore: times.length / ms * 1000 / workers,
    ...(limit && { barePerCore: limit.rate / workers, bareCpuMs: bareMs / limit.rounds }),
    ...(published && { published }),
    timesMs: times,
    cpuMs,
  };
}

function print(measured: readonly Measured[]): void {
  const head = ['endpoint', 'per core', 'p50 ms', 'p99 ms', 'CPU ms'];
  const bare = ['bare per core', 'bare CPU ms', 'CPU ratio', 'published per core'];
  printTable([
    [...head, ...bare],
    ...measured.map(({ name, perCore, timesMs, cpuMs, barePerCore, bareCpuMs, published }) => [
      name,
      perCore.toFixed(1),
      percentile(timesMs, 0.5).toFixed(1),
      percentile(timesMs, 0.99).toFixed(1),
      cpuMs.toFixed(2),
      barePerCore?.toFixed(1) ?? '',
      bareCpuMs?.toFixed(2) ?? '',
      bareCpuMs === undefined ? '' : (bareCpuMs / cpuMs).toFixed(2),
      published?.map((rate) => rate.toFixed(2)).join('-') ?? '',
    ]),
  ]);
}
