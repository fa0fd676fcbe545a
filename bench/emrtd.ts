/**
 * `npm run bench -- emrtd [SECONDS]`: server time of reading a typical document, the chip's own time left
 * out, against the bare cryptographic operations of the same reading. Both are measured in turns in the
 * same run, so that a busy machine slows both.
 */
import { passiveAuthentication } from '../emrtd/mod.ts';
import { bareOperations, passiveOperations } from './emrtd/bare.ts';
import { type RecordedDocument, recordedDocuments } from './emrtd/documents.ts';
import { percentile, printTable } from './statistics.ts';

const DEFAULT_SECONDS = 4;
const WARM_UP_ROUNDS = 30;

async function timeMs(body: () => unknown): Promise<number> {
  const startMs = performance.now();
  await body();
  return performance.now() - startMs;
}

/** Median time of each body, one after the other in every round. */
async function medians(bodies: readonly (() => unknown)[], seconds: number): Promise<number[]> {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    for (const body of bodies) await body();
  }
  const times: number[][] = bodies.map(() => []);
  const endMs = performance.now() + 1000 * seconds;
  while (performance.now() < endMs) {
    for (const [index, body] of bodies.entries()) times[index].push(await timeMs(body));
  }
  return times.map((list) => percentile(list, 0.5));
}

async function measure(document: RecordedDocument, seconds: number): Promise<string[]> {
  const { result, trust } = document;
  const { sod = new Uint8Array(0), groups } = result.files;
  const operations = bareOperations(document);
  const passive = passiveOperations(document);
  const at = new Date('2025-06-01T00:00:00Z');
  const [readMs, bareMs, passiveMs, barePassiveMs] = await medians([
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
