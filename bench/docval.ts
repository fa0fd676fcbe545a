/**
 * `npm run bench -- docval [SESSIONS] [IDLE] [short|extended]`: many phones at one server. Processor time of a session beside
 * that of the library and of bare sockets, time of a session, memory of a socket that waits, lateness of the
 * event loop.
 */
import { type MeasuredProcess, type Question, startMeasured } from './docval/measured.ts';
import { barePhone, type Phone, relayingPhone, type Run, runPhones } from './docval/phones.ts';
import {
  type Lengths,
  lengthsNamed,
  type RecordedDocument,
  relayedDocument,
} from './emrtd/documents.ts';
import { percentile, printTable } from './statistics.ts';

const DEFAULT_SESSIONS = 1000;
const DEFAULT_IDLE = 10_000;
/** Sockets opened at one time: a listen queue is finite. */
const WAVE = 250;
/** Other processes only ever add time, so each kind of work has several turns and the lowest counts. */
const TURNS = 2;

/** Processor milliseconds of one session. */
interface Cost {
  readonly userMs: number;
  readonly systemMs: number;
}

interface Turn {
  readonly cost: Cost;
  readonly loopDelayP99Ms: number;
  readonly run?: Run;
}

const total = ({ userMs, systemMs }: Cost): number => userMs + systemMs;

/** Does `work`, which is `count` sessions or readings, and says what one of them cost the process. */
async function turn(
  measured: MeasuredProcess,
  count: number,
  work: () => Promise<Run | undefined>,
): Promise<Turn> {
  const before = await measured.ask('usage');
  const run = await work();
  const after = await measured.ask('usage');
  const cost = {
    userMs: (after.userMs - before.userMs) / count,
    systemMs: (after.systemMs - before.systemMs) / count,
  };
  return { cost, loopDelayP99Ms: after.loopDelayP99Ms, ...(run && { run }) };
}

async function cheapest(once: () => Promise<Turn>): Promise<Turn> {
  let best = await once();
  for (let i = 1; i < TURNS; i++) {
    const next = await once();
    if (total(next.cost) < total(best.cost)) best = next;
  }
  return best;
}

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
  const run = runPhones(phone, server.address, count);
  await allWait;
  const after = await server.ask('settled');
  gate.resolve();
  await run;
  return (after.rssBytes - before.rssBytes) / count;
}

async function phoneTurns(measured: MeasuredProcess, phone: Phone, count: number): Promise<Turn> {
  const run = () => runPhones(phone, measured.address, count);
  await run();
  return cheapest(() => turn(measured, count, run));
}

async function libraryTurns(name: string, lengths: Lengths, count: number): Promise<Turn> {
  const library = await startMeasured('library-process.ts', lengths);
  const work = async () => {
    const job: Question = { name, count };
    await library.ask(job);
    return undefined;
  };
  try {
    await work();
    return await cheapest(() => turn(library, count, work));
  } finally {
    library.stop();
  }
}

async function bareTurns(
  document: RecordedDocument,
  lengths: Lengths,
  count: number,
): Promise<Turn> {
  const bare = await startMeasured('bare-process.ts', lengths);
  try {
    return await phoneTurns(bare, barePhone(document), count);
  } finally {
    bare.stop();
  }
}

function row(name: string, cost: Cost, server: Cost): string[] {
  const ratio = (total(server) / total(cost)).toFixed(2);
  return [name, cost.userMs.toFixed(2), cost.systemMs.toFixed(2), total(cost).toFixed(2), ratio];
}

/** Prints two tables; ends with an error when a session did not verify its document. */
export async function run([sessionCount, idleCount, apduLengths]: string[]): Promise<void> {
  const count = Number(sessionCount ?? DEFAULT_SESSIONS);
  const lengths = lengthsNamed(apduLengths ?? 'short');
  const document = await relayedDocument(lengths);
  const phone = relayingPhone(document);
  const server = await startMeasured('server-process.ts', lengths);
  try {
    const [open, idleBytes] = await idleSockets(server, Number(idleCount ?? DEFAULT_IDLE));
    await runPhones(phone, server.address, Math.min(count, 50));
    const waitingBytes = await waitingSessions(server, document, count);
    const single = await runPhones(phone, server.address, 1);
    const { cost, loopDelayP99Ms, run } = await phoneTurns(server, phone, count);
    const { times, good } = run ?? { times: [], good: 0 };
    printTable([
      ['measure', 'value'],
      ['commands of a session', String(document.exchanges.length)],
      ['idle sockets held', String(open)],
      ['KiB per idle socket', (idleBytes / 1024).toFixed(1)],
      ['KiB per session waiting for its chip', (waitingBytes / 1024).toFixed(1)],
      ['sessions complete', `${good}/${count}`],
      ['one session alone, ms', percentile(single.times, 0.5).toFixed(0)],
      ['session p50, ms', percentile(times, 0.5).toFixed(0)],
      ['session p99, ms', percentile(times, 0.99).toFixed(0)],
      ['event loop delay p99, ms', loopDelayP99Ms.toFixed(1)],
    ]);
    const oneByOne = (await libraryTurns('one-by-one', lengths, count)).cost;
    const atOnce = (await libraryTurns('at-once', lengths, count)).cost;
    const bare = (await bareTurns(document, lengths, count)).cost;
    const both = {
      userMs: atOnce.userMs + bare.userMs,
      systemMs: atOnce.systemMs + bare.systemMs,
    };
    console.log();
    printTable([
      ['processor ms of one session', 'user', 'system', 'total', 'server to it'],
      row('server', cost, cost),
      row('library, one reading after the other', oneByOne, cost),
      row(`library, ${count} readings at once`, atOnce, cost),
      row('bare sockets, the same frames', bare, cost),
      row('library at once and bare sockets', both, cost),
    ]);
    if (good !== count) throw new Error(`${count - good} sessions did not verify`);
  } finally {
    server.stop();
  }
}
