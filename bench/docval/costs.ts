/**
 * Processor time of a session beside that of the library and of bare sockets, document by document. The
 * processes take turns, so that a machine that is busy for a while slows all of them, and medians are given.
 */
import type { Lengths, RecordedDocument } from '../emrtd/documents.ts';
import { percentile, printTable } from '../statistics.ts';
import { type MeasuredProcess, startMeasured } from './measured.ts';
import { barePhone, type Phone, relayingPhone, runPhones } from './phones.ts';

const ROUNDS = 5;

const LABELS = {
  server: 'server',
  socketless: 'server without its sockets',
  atOnce: 'library, as many readings at once',
  oneByOne: 'library, one reading after the other',
  bare: 'bare sockets, the same frames',
  floor: 'library at once and bare sockets',
};

type Row = keyof typeof LABELS;
const ROWS = Object.keys(LABELS) as Row[];

/** Milliseconds of one session. */
interface Cost {
  readonly userMs: number;
  readonly systemMs: number;
}

type Costs = Readonly<Record<Row, Cost>>;

/** What a process is asked to do for some sessions. */
interface Turn {
  readonly measured: MeasuredProcess;
  readonly work: () => Promise<unknown>;
}

const total = ({ userMs, systemMs }: Cost): number => userMs + systemMs;

function sum(costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => ({
    userMs: a.userMs + b.userMs,
    systemMs: a.systemMs + b.systemMs,
  }));
}

/** Medians of what the turns cost for each of `count` sessions. */
async function costsOf(turns: readonly Turn[], count: number): Promise<Cost[]> {
  const costs = turns.map((): Cost[] => []);
  for (const { work } of turns) await work();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { measured, work }] of turns.entries()) {
      const before = await measured.ask('usage');
      await work();
      const after = await measured.ask('usage');
      costs[i].push({
        userMs: (after.userMs - before.userMs) / count,
        systemMs: (after.systemMs - before.systemMs) / count,
      });
    }
  }
  return costs.map((list) => ({
    userMs: percentile(list.map(({ userMs }) => userMs), 0.5),
    systemMs: percentile(list.map(({ systemMs }) => systemMs), 0.5),
  }));
}

/** @throws Error when a session does not end well */
async function allGood(phone: Phone, address: string, count: number): Promise<void> {
  const { good } = await runPhones([phone], address, count);
  if (good !== count) throw new Error(`${count - good} sessions did not end well`);
}

function print(name: string, costs: Costs): void {
  console.log(`\n${name}: processor ms of a session`);
  printTable([
    ['process', 'user', 'system', 'total', 'to library'],
    ...ROWS.map((row) => [
      LABELS[row],
      costs[row].userMs.toFixed(2),
      costs[row].systemMs.toFixed(2),
      total(costs[row]).toFixed(2),
      (total(costs[row]) / total(costs.atOnce)).toFixed(2),
    ]),
  ]);
}

/** Prints a table for every document, and one for as many sessions of each. */
export async function printCosts(
  server: MeasuredProcess,
  documents: readonly RecordedDocument[],
  lengths: Lengths,
  count: number,
): Promise<void> {
  const socketless = await startMeasured('socketless-process.ts', lengths);
  const library = await startMeasured('library-process.ts', lengths);
  const bare = await startMeasured('bare-process.ts', lengths);
  const measured: Costs[] = [];
  try {
    for (const [index, document] of documents.entries()) {
      const job = (name: string) => ({ name, document: index, count });
      const relaying = relayingPhone(document), sending = barePhone(document);
      const bareAddress = `${bare.address}${index}`;
      const [ofServer, ofSocketless, atOnce, oneByOne, ofBare] = await costsOf([
        { measured: server, work: () => allGood(relaying, server.address, count) },
        { measured: socketless, work: () => socketless.ask(job('sessions')) },
        { measured: library, work: () => library.ask(job('at-once')) },
        { measured: library, work: () => library.ask(job('one-by-one')) },
        { measured: bare, work: () => allGood(sending, bareAddress, count) },
      ], count);
      const costs = {
        server: ofServer,
        socketless: ofSocketless,
        atOnce,
        oneByOne,
        bare: ofBare,
        floor: sum([atOnce, ofBare]),
      };
      print(`${document.name}, ${document.exchanges.length} commands`, costs);
      measured.push(costs);
    }
  } finally {
    for (const child of [socketless, library, bare]) child.stop();
  }
  const means = ROWS.map((row) => {
    const { userMs, systemMs } = sum(measured.map((costs) => costs[row]));
    return [row, { userMs: userMs / measured.length, systemMs: systemMs / measured.length }];
  });
  print('as many of each', Object.fromEntries(means) as Costs);
}
