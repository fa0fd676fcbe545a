/**
 * `npm run bench -- docval [SESSIONS] [IDLE] [short|extended]`: many phones with documents of several kinds at
 * one server. Time of a session, memory of a socket that waits, lateness of the event loop; then the processor
 * time of a session beside that of the library and of bare sockets.
 */
import { printCosts } from './docval/costs.ts';
import { type MeasuredProcess, startMeasured } from './docval/measured.ts';
import { relayingPhone, runPhones } from './docval/phones.ts';
import { lengthsNamed, type RecordedDocument, recordedDocuments } from './emrtd/documents.ts';
import { percentile, printTable } from './statistics.ts';

const DEFAULT_SESSIONS = 1000;
const DEFAULT_IDLE = 10_000;
/** Sockets opened at one time: a listen queue is finite. */
const WAVE = 250;

/** Number of sockets held without a word, and bytes of each. */
async function idleSockets(server: MeasuredProcess, count: number): Promise<[number, number]> {
  const before = await server.ask('settled');
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const wave = Array.from({ length: Math.min(WAVE, count - sockets.length) }, () => {
      const socket = new WebSocket(server.address);
      sockets.push(socket);
      return new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = () => reject(new Error(`socket ${sockets.length} did not open`));
      });
    });
    await Promise.all(wave);
  }
  const after = await server.ask('settled');
  const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  const closed = sockets.map((socket) => new Promise((resolve) => socket.onclose = resolve));
  for (const socket of sockets) socket.close();
  await Promise.all(closed);
  return [open, (after.rssBytes - before.rssBytes) / count];
}

/** Bytes of a session whose chip has given all but a few blocks of the portrait. */
async function waitingSessions(
  server: MeasuredProcess,
  document: RecordedDocument,
  count: number,
): Promise<number> {
  const before = await server.ask('settled');
  const [{ promise: allWait, resolve: allReached }, gate] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  let waiting = 0;
  const phone = relayingPhone(document, {
    atAnswer: document.exchanges.length - 4,
    reached: () => {
      if (++waiting === count) allReached();
    },
    opened: gate.promise,
  });
  const run = runPhones([phone], server.address, count);
  await allWait;
  const after = await server.ask('settled');
  gate.resolve();
  await run;
  return (after.rssBytes - before.rssBytes) / count;
}

/** Prints a table of sessions and sockets, then those of processor time; ends with an error when a session did not verify its document. */
export async function run([sessionCount, idleCount, apduLengths]: string[]): Promise<void> {
  const count = Number(sessionCount ?? DEFAULT_SESSIONS);
  const lengths = lengthsNamed(apduLengths ?? 'short');
  const documents = await recordedDocuments(lengths);
  const phones = documents.map((document) => relayingPhone(document));
  const server = await startMeasured('server-process.ts', lengths);
  try {
    const [open, idleBytes] = await idleSockets(server, Number(idleCount ?? DEFAULT_IDLE));
    await runPhones(phones, server.address, Math.min(count, 50));
    // the one with PACE and chip authentication has the most to keep
    const waitingBytes = await waitingSessions(server, documents[1], count);
    const single = await runPhones([phones[1]], server.address, 1);
    await server.ask('usage');
    const { times, good } = await runPhones(phones, server.address, count);
    const { loopDelayP99Ms } = await server.ask('usage');
    printTable([
      ['measure', 'value'],
      ['idle sockets held', String(open)],
      ['KiB per idle socket', (idleBytes / 1024).toFixed(1)],
      ['KiB per session waiting for its chip', (waitingBytes / 1024).toFixed(1)],
      ['sessions complete', `${good}/${count}`],
      ['one session alone, ms', percentile(single.times, 0.5).toFixed(0)],
      ['session p50, ms', percentile(times, 0.5).toFixed(0)],
      ['session p99, ms', percentile(times, 0.99).toFixed(0)],
      ['event loop delay p99, ms', loopDelayP99Ms.toFixed(1)],
    ]);
    if (good !== count) throw new Error(`${count - good} sessions did not verify`);
    await printCosts(server, documents, lengths, count);
  } finally {
    server.stop();
  }
}
