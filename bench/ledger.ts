/**
 * What a billed answer costs: appends to the ledger, alone and by many at one time, beside the bare flush of the
 * disk; and requests over HTTP with the ledger in memory and on the disk, the face service being a fake. Where
 * PostgreSQL is installed, the same with a server of its own in the temp folder.
 */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Licensing } from '../server/core/licence/licensing.ts';
import { Records, recordsPath } from '../server/core/records.ts';
import { openRecordStore } from '../server/core/store/open-store.ts';
import { SqliteStore } from '../server/core/store/sqlite-store.ts';
import { hasPostgres, PostgresServer } from '../test/support/postgres-server.ts';
import { base64, picture } from '../test/server/support/fake-faces.ts';
import { startFake } from '../test/server/support/running.ts';
import { load } from './http-load.ts';
import { percentile, printTable } from './statistics.ts';

const CONCURRENCIES = [1, 16, 200];
const FLUSHES = 500;

interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly timesMs: readonly number[];
}

/** `--seconds N` (5) for each row, `--folder DIR` (.cache) on the disk that is measured. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '5' },
      folder: { type: 'string', default: resolve(import.meta.dir, '../.cache') },
    },
  });
  const seconds = Number(values.seconds);
  const folder = await mkdtemp(join(values.folder, 'ledger-'));
  try {
    const rows: Measured[] = [flushes(folder)];
    for (const concurrency of CONCURRENCIES) {
      rows.push(await appends('', onDisk(join(folder, `${concurrency}`)), concurrency, seconds));
    }
    rows.push(await requests('in memory', Records.inMemory(), seconds));
    rows.push(await requests('on the disk', onDisk(join(folder, 'http')), seconds));
    if (hasPostgres) rows.push(...await inPostgres(seconds));
    report(rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function onDisk(data: string): Records {
  return new Records(SqliteStore.open(recordsPath(data)));
}

/** The disk alone: as many bytes as a row has, flushed. */
function flushes(folder: string): Measured {
  const file = openSync(join(folder, 'bare'), 'w');
  const bytes = new Uint8Array(512);
  const timesMs: number[] = [];
  for (let i = 0; i < FLUSHES; i++) {
    const start = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    timesMs.push(performance.now() - start);
  }
  closeSync(file);
  const total = timesMs.reduce((sum, ms) => sum + ms, 0);
  return { name: 'bare flush', perSecond: FLUSHES / total * 1000, timesMs };
}

async function inPostgres(seconds: number): Promise<Measured[]> {
  const server = await PostgresServer.start();
  const open = async () =>
    new Records(
      await openRecordStore({ dataFolder: '', databaseUrl: await server.newDatabase() }, true),
    );
  try {
    const rows: Measured[] = [];
    for (const concurrency of CONCURRENCIES) {
      rows.push(await appends('PostgreSQL, ', await open(), concurrency, seconds));
    }
    rows.push(await requests('in PostgreSQL', await open(), seconds));
    return rows;
  } finally {
    await server.stop();
  }
}

async function appends(
  where: string,
  records: Records,
  concurrency: number,
  seconds: number,
): Promise<Measured> {
  const licensing = await Licensing.open(records, undefined);
  const timesMs: number[] = [];
  const start = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      const refid = `W-face-MATCH121-${crypto.randomUUID()}-${Date.now()}`;
      const pass = licensing.admit({ features: ['face-match'] });
      const asked = performance.now();
      await pass.bill({ refid, action: 'MATCH121', outcome: 'answer' });
      timesMs.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const perSecond = timesMs.length / (performance.now() - start) * 1000;
  await records.close();
  return { name: `${where}append, ${concurrency} at one time`, perSecond, timesMs };
}

async function requests(where: string, records: Records, seconds: number): Promise<Measured> {
  const licensing = await Licensing.open(records, undefined);
  const { server } = startFake({ logLevel: 'error' }, undefined, { licensing });
  const image = { template: base64(picture('face 0')), format: 'JPEG' };
  const body = JSON.stringify({ image, imageToVerifyAgainst: image, level: 'HIGH' });
  const url = new URL('/api/v1/matchWithSelfie', server.url).href;
  const { times, ms } = await load(url, { kind: 'json', body }, 200, seconds);
  await server.stop();
  await records.close();
  return { name: `HTTP, ledger ${where}`, perSecond: times.length / ms * 1000, timesMs: times };
}

function report(rows: readonly Measured[]): void {
  printTable([
    ['', 'a second', 'p50 ms', 'p99 ms'],
    ...rows.map(({ name, perSecond, timesMs }) => [
      name,
      perSecond.toFixed(0),
      percentile(timesMs, 0.5).toFixed(2),
      percentile(timesMs, 0.99).toFixed(2),
    ]),
  ]);
}
