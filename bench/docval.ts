/**
 * `npm run bench -- docval [SESSIONS] [IDLE]`: many phones at one server. Time of a session, processor time
 * of a session against that of the library alone, memory of an idle socket, lateness of the event loop.
 */
import { SoftwareChip } from '../emrtd/chip/mod.ts';
import { CLIENT_ID, DOCUMENT, type Question, type Usage } from './docval/server-process.ts';
import { recordedDocuments } from './emrtd/documents.ts';
import { personalise, seededRandom } from '../emrtd/chip/mod.ts';
import { validateDocument } from '../server/web/docval-client/client.ts';
import { percentile, printTable } from './statistics.ts';

const DEFAULT_SESSIONS = 1000;
const DEFAULT_IDLE = 10_000;
/** Sockets opened at one time: a listen queue is finite. */
const WAVE = 250;
const CHIP_ANSWER_MS = 20;

interface ServerProcess {
  readonly url: string;
  ask(question: Question): Promise<Usage>;
  stop(): void;
}

async function startServer(): Promise<ServerProcess> {
  const waiting: ((message: unknown) => void)[] = [];
  const next = () => new Promise<unknown>((resolve) => waiting.push(resolve));
  const address = next();
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/docval/server-process.ts`], {
    stdio: ['ignore', 'inherit', 'inherit'],
    ipc: (message) => waiting.shift()?.(message),
  });
  const url = `${(await address as string).replace('http', 'ws')}ws1/validate?return_result=true`;
  return {
    url,
    ask(question) {
      const answer = next();
      child.send(question);
      return answer as Promise<Usage>;
    },
    stop: () => child.kill(),
  };
}

async function idleSockets(server: ServerProcess, count: number): Promise<string[]> {
  const before = await server.ask('settled');
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const wave = Array.from({ length: Math.min(WAVE, count - sockets.length) }, () => {
      const socket = new WebSocket(server.url);
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
  const bytes = (after.rssBytes - before.rssBytes) / count;
  return [String(open), (bytes / 1024).toFixed(1)];
}

interface SessionRun {
  readonly times: number[];
  readonly good: number;
  readonly cpuMs: number;
  readonly loopDelayP99Ms: number;
}

async function sessions(server: ServerProcess, count: number): Promise<SessionRun> {
  const [{ description }] = (await recordedDocuments()).slice(DOCUMENT);
  const { document } = personalise(description);
  const { documentNumber, dateOfBirth, dateOfExpiry } = description.holder;
  await server.ask('settled');
  const before = await server.ask('usage');
  const times: number[] = [];
  let good = 0;
  await Promise.all(Array.from({ length: count }, async (_, i) => {
    const chip = new SoftwareChip(document, {
      random: seededRandom(`session ${i}`),
      faults: ['slow'],
      delayMs: CHIP_ANSWER_MS,
    });
    const startMs = performance.now();
    const { closeCode, passport } = await validateDocument({
      url: server.url,
      clientId: CLIENT_ID,
      validationId: 'bench',
      accessKey: { documentNumber, dateOfBirth, dateOfExpiry },
      transceive: (command, signal) => chip.transceive(command, signal),
      extendedLength: false,
      platform: 'bench',
    });
    times.push(performance.now() - startMs);
    const { passive_authentication, chip_authentication_result } = passport ?? {};
    const verified = passive_authentication && chip_authentication_result === 'SUCCESS';
    if (closeCode === 1000 && verified) good++;
  }));
  const after = await server.ask('usage');
  const cpuMs = (after.cpuMs - before.cpuMs) / count;
  return { times, good, cpuMs, loopDelayP99Ms: after.loopDelayP99Ms };
}

/** Prints one table; ends with an error when a session did not verify its document. */
export async function run([sessionCount, idleCount]: string[]): Promise<void> {
  const count = Number(sessionCount ?? DEFAULT_SESSIONS);
  const server = await startServer();
  try {
    const [open, idleKib] = await idleSockets(server, Number(idleCount ?? DEFAULT_IDLE));
    await sessions(server, Math.min(count, 50));
    const single = await sessions(server, 1);
    const { times, good, cpuMs, loopDelayP99Ms } = await sessions(server, count);
    const library = await server.ask('library');
    printTable([
      ['measure', 'value'],
      ['idle sockets held', open],
      ['KiB per idle socket', idleKib],
      ['sessions complete', `${good}/${count}`],
      ['one session alone, ms', percentile(single.times, 0.5).toFixed(0)],
      ['session p50, ms', percentile(times, 0.5).toFixed(0)],
      ['session p99, ms', percentile(times, 0.99).toFixed(0)],
      ['server CPU per session, ms', cpuMs.toFixed(2)],
      ['library CPU per reading, ms', library.cpuMs.toFixed(2)],
      ['ratio', (cpuMs / library.cpuMs).toFixed(2)],
      ['event loop delay p99, ms', loopDelayP99Ms.toFixed(1)],
    ]);
    if (good !== count) throw new Error(`${count - good} sessions did not verify`);
  } finally {
    server.stop();
  }
}
