/**
 * `npm run bench -- emrtd [SECONDS]`: processor time that the server spends on reading a typical document,
 * the chip's own time left out, against the bare cryptographic operations of the same reading. Batches of
 * each take turns in the same run, so that a busy machine slows both.
 */
import { passiveAuthentication } from '../emrtd/mod.ts';
import { bareOperations, passiveOperations } from './emrtd/bare.ts';
import { type RecordedDocument, recordedDocuments } from './emrtd/documents.ts';
import { percentile, printTable } from './statistics.ts';

/** Per document. */
const DEFAULT_SECONDS = 20;
/** Long enough for the clock of processor time, short enough for many turns. */
const BATCH_MS = 40;
/** Turns until the runtime has compiled what it will compile. */
const WARM_UP_BATCHES = 40;
/** Other processes only ever add time, so the faster batches are nearer to the truth. */
const PERCENTILE = 0.1;

/** Runs of a body that take about one batch. */
async function batchSize(body: () => unknown): Promise<number> {
  for (let count = 1;; count *= 2) {
    const startMs = performance.now();
    for (let i = 0; i < count; i++) await body();
    if (performance.now() - startMs > BATCH_MS / 2) return count;
  }
}

/** Processor milliseconds of one run, all threads of the process, from one batch. */
async function batchMs(body: () => unknown, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

/** Time of each body by its faster batches. */
async function times(bodies: readonly (() => unknown)[], seconds: number): Promise<number[]> {
  const counts: number[] = [];
  for (const body of bodies) counts.push(await batchSize(body));
  const batches: number[][] = bodies.map(() => []);
  const endMs = performance.now() + 1000 * seconds;
  for (let round = 0; performance.now() < endMs || round <= WARM_UP_BATCHES; round++) {
    for (const [index, body] of bodies.entries()) {
      const ms = await batchMs(body, counts[index]);
      if (round >= WARM_UP_BATCHES) batches[index].push(ms);
    }
  }
  return batches.map((list) => percentile(list, PERCENTILE));
}

async function measure(document: RecordedDocument, seconds: number): Promise<string[]> {
  const { result, trust } = document;
  const { sod = new Uint8Array(0), groups } = result.files;
  const operations = bareOperations(document);
  const passive = passiveOperations(document);
  const at = new Date('2025-06-01T00:00:00Z');
  const [readMs, bareMs, passiveMs, barePassiveMs] = await times([
    () => document.read(),
    () => operations.forEach(({ run }) => run()),
    () => passiveAuthentication({ sod, groups, trust, at }),
    () => passive.forEach(({ run }) => run()),
  ], seconds);
  const { apdus } = result.statistics;
  return [
    document.name,
    String(apdus),
    readMs.toFixed(2),
    bareMs.toFixed(2),
    (readMs / bareMs).toFixed(2),
    (1000 * readMs / apdus).toFixed(0),
    passiveMs.toFixed(2),
    barePassiveMs.toFixed(2),
    (1000 / readMs).toFixed(0),
  ];
}

/** Prints one row per document. */
export async function run([seconds]: string[]): Promise<void> {
  const documents = await recordedDocuments();
  const rows = [[
    'document',
    'APDUs',
    'read ms',
    'bare ms',
    'ratio',
    'us/APDU',
    'PA ms',
    'bare PA ms',
    'documents/s/core',
  ]];
  for (const document of documents) {
    rows.push(await measure(document, Number(seconds ?? DEFAULT_SECONDS)));
  }
  printTable(rows);
}
