/**
 * `npm run bench -- identy`: the endpoints of the IDENTY API that look at pictures, through HTTP, against
 * the same pictures through nothing but the networks; and against the rates that the API's vendor publishes
 * per core. The ratios are as in the benchmark `match`.
 */
import '../server/core/native/libraries.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FaceEngine } from '../server/core/face/engine.ts';
import { packPath } from '../server/core/model-pack.ts';
import { createLogger, loadConfig, openCaptureKeys, startServer } from '../server/mod.ts';
import type { SealKey } from '../server/web/face-sdk/seal.ts';
import { describeCapture, writeCapture } from '../test/server/identy/support/captures.ts';
import type { BareWork } from './bare-networks.ts';
import type { BenchRequest } from './http-client.ts';
import { cpuMsSince, load, startBareNetworks } from './http-load.ts';
import { benchmarkSelfies, selfieBurst } from './selfies.ts';
import { percentile, printTable } from './statistics.ts';

const CONCURRENCY = 4;

interface Bench {
  readonly path: string;
  /** What tells the request from another one of its path. */
  readonly note?: string;
  readonly request: BenchRequest;
  /** Pictures of one request, and what is asked of each; without it the networks alone are not measured. */
  readonly bare?: Pick<BareWork, 'pictures' | 'wants'>;
  /** Requests per second and vCPU that the vendor publishes for c5a instances. */
  readonly published: string;
}

/** Frames that the Face SDK sends before the picture. */
const BURST = 7;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '10' },
      workers: { type: 'string', default: String(availableParallelism()) },
      pack: { type: 'string' },
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
  const key = {
    kid: captureKeys.current.id,
    spki: captureKeys.current.spki.toBase64(),
  };
  const rows = [[
    'endpoint',
    'requests/s',
    'per core',
    'p50 ms',
    'p99 ms',
    'CPU ms',
    'bare CPU ms',
    'CPU ratio',
    'published per core',
  ]];
  try {
    for (const { path, note, request, bare, published } of await benches(key)) {
      const url = new URL(path, server.url).href;
      const networks = bare &&
        await startBareNetworks({ packPath: pack, ...bare, seconds }, workers);
      await load(url, request, CONCURRENCY, 4);
      let used = process.cpuUsage();
      const http = await load(url, request, CONCURRENCY, seconds);
      const cpuMs = cpuMsSince(used) / http.times.length;
      used = process.cpuUsage();
      const rounds = (await networks?.run())?.rounds ?? 0;
      const bareCpuMs = cpuMsSince(used) / rounds;
      networks?.close();
      const answered = (http.codes[200] ?? 0) + (http.codes[401] ?? 0);
      if (answered !== http.times.length) throw new Error(`${path}: ${JSON.stringify(http.codes)}`);
      const rate = http.times.length / http.ms * 1000;
      rows.push([
        path.replace('/api/v1/', '') + (note === undefined ? '' : `, ${note}`),
        rate.toFixed(2),
        (rate / workers).toFixed(2),
        percentile(http.times, 0.5).toFixed(0),
        percentile(http.times, 0.99).toFixed(0),
        cpuMs.toFixed(1),
        rounds === 0 ? '-' : bareCpuMs.toFixed(1),
        rounds === 0 ? '-' : (bareCpuMs / cpuMs).toFixed(2),
        published,
      ]);
    }
    console.log(
      `480x640 JPEG selfies, ${workers} workers, ${CONCURRENCY} clients, ${seconds} s each`,
    );
    printTable(rows);
  } finally {
    await server.stop();
  }
  process.exit(0);
}

async function benches(key: SealKey): Promise<Bench[]> {
  const [a, b] = await benchmarkSelfies();
  const image = (bytes: Uint8Array) => ({ template: bytes.toBase64(), format: 'JPEG' });
  const match = JSON.stringify({ image: image(a), imageToVerifyAgainst: image(b), level: 'HIGH' });
  const description = describeCapture({ anti_spoofing: { enabled: true, threshold: 'LOW' } });
  const sealed = (frames: readonly Uint8Array[]): BenchRequest => ({
    kind: 'sealed',
    payload: writeCapture(description, frames).toBase64(),
    key,
    fields: {},
  });
  const burst = await selfieBurst(a, BURST);
  const judged = { measure: true, liveness: true };
  const prefix = '/api/v1/';
  return [
    {
      path: `${prefix}matchWithSelfie`,
      request: { kind: 'json', body: match },
      bare: { pictures: [a, b], wants: {} },
      published: '0.50-0.53',
    },
    {
      path: `${prefix}matchWithPictureId`,
      request: { kind: 'json', body: match },
      bare: { pictures: [a, b], wants: {} },
      published: '0.35-0.38',
    },
    {
      path: `${prefix}process`,
      request: sealed([a]),
      bare: { pictures: [a], wants: judged },
      published: '0.09-0.37',
    },
    {
      path: `${prefix}process`,
      note: `${burst.length} frames`,
      request: sealed(burst),
      published: '0.09-0.37',
    },
    {
      path: `${prefix}secure/face/as`,
      request: sealed([a]),
      bare: { pictures: [a], wants: 'judge' },
      published: '0.16-0.19',
    },
    {
      path: `${prefix}secure/face/as`,
      note: `${burst.length} frames`,
      request: sealed(burst),
      published: '0.16-0.19',
    },
    {
      path: `${prefix}face/as`,
      request: { kind: 'form', fields: { image: a.toBase64(), threshold: 'LOW' } },
      bare: { pictures: [a], wants: 'judge' },
      published: '0.10-0.11',
    },
    {
      path: `${prefix}face/generateTemplateFromImage`,
      request: {
        kind: 'json',
        body: JSON.stringify({ image: a.toBase64(), qualityMode: 'DISABLED' }),
      },
      bare: { pictures: [a], wants: { measure: true } },
      published: '0.98-1.03',
    },
  ];
}
