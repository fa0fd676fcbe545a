/**
 * The hostile run: thousands of mixed requests, a tenth of them hostile, against the real server in a
 * process of its own. Every answer is checked, memory is sampled, health is polled throughout.
 */
import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';
import { exchange, type Verdict } from './hostile/exchange.ts';
import { loadGallery } from './hostile/pictures.ts';
import { seededRandom } from './hostile/random.ts';
import { honestRequest, HOSTILE_KINDS } from './hostile/requests.ts';
import { startServerProcess } from './hostile/server-process.ts';

const ROOT = resolve(import.meta.dir, '..');
const FACES = resolve(ROOT, '../shared/data/faces/lfw-view1/images');
/** One request in this many is hostile. */
const HOSTILE_EVERY = 10;
const HEALTH_INTERVAL_MS = 50;

interface Tally {
  sent: number;
  wrong: number;
  readonly answers: Map<string, number>;
}

/**
 * `--requests N` (10000), `--concurrency N` (4), `--seed N` (1), `--faces DIR`, `--binary FILE` (the
 * compiled program instead of the sources), `--pack PATH`.
 * Ends with exit code 1 when an answer was wrong or the server died.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '10000' },
      concurrency: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      faces: { type: 'string', default: FACES },
      binary: { type: 'string' },
      pack: { type: 'string' },
    },
  });
  const total = Number(values.requests);
  const random = seededRandom(Number(values.seed));
  const gallery = await loadGallery(values.faces, random);
  const command = values.binary === undefined
    ? [process.execPath, join(ROOT, 'main.ts')]
    : [resolve(values.binary)];
  const server = await startServerProcess(command, values.pack);

  const tallies = new Map<string, Tally>();
  const rssMb: number[] = [server.rssMb()];
  const healthMs: number[] = [];
  const health = setInterval(async () => {
    const started = performance.now();
    await fetch(new URL('/api/v1/face_health', server.url)).then((r) => r.text(), () => {});
    healthMs.push(performance.now() - started);
  }, HEALTH_INTERVAL_MS);

  let next = 0;
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (next < total && server.alive()) {
      const n = next++;
      const request = n % HOSTILE_EVERY === HOSTILE_EVERY - 1
        ? await HOSTILE_KINDS[Math.floor(n / HOSTILE_EVERY) % HOSTILE_KINDS.length]({
          gallery,
          random,
        })
        : await honestRequest({ gallery, random });
      count(tallies, request.kind, await exchange(server.url, request));
      if ((n + 1) % Math.ceil(total / 10) === 0) {
        rssMb.push(server.rssMb());
        console.error(`${n + 1} of ${total} requests, RSS ${rssMb.at(-1)?.toFixed(0)} MB`);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(values.concurrency) }, client));
  const seconds = (performance.now() - started) / 1000;
  clearInterval(health);

  const alive = server.alive();
  const exitCode = await server.stop();
  report(tallies, seconds, rssMb, healthMs);
  console.log(`server: ${alive ? 'alive at the end' : 'DIED'}, exit code ${exitCode} on SIGTERM`);
  const wrong = [...tallies.values()].reduce((sum, tally) => sum + tally.wrong, 0);
  if (!alive || wrong > 0 || exitCode !== 0) process.exitCode = 1;
}

function count(tallies: Map<string, Tally>, kind: string, verdict: Verdict): void {
  const tally = tallies.get(kind) ?? { sent: 0, wrong: 0, answers: new Map() };
  tallies.set(kind, tally);
  tally.sent++;
  if (!verdict.ok) tally.wrong++;
  tally.answers.set(verdict.answer, (tally.answers.get(verdict.answer) ?? 0) + 1);
}

function report(
  tallies: ReadonlyMap<string, Tally>,
  seconds: number,
  rssMb: readonly number[],
  healthMs: number[],
): void {
  const sent = [...tallies.values()].reduce((sum, tally) => sum + tally.sent, 0);
  console.log(
    `${sent} requests in ${seconds.toFixed(0)} s, ${(sent / seconds).toFixed(1)} a second`,
  );
  for (const [kind, tally] of tallies) {
    const answers = [...tally.answers].map(([answer, times]) => `${times} x ${answer}`).join(', ');
    const mark = tally.wrong === 0 ? 'ok   ' : 'WRONG';
    console.log(`${mark} ${kind.padEnd(24)} ${String(tally.sent).padStart(6)}  ${answers}`);
  }
  console.log(`RSS in MB at every tenth: ${rssMb.map((mb) => mb.toFixed(0)).join(' ')}`);
  healthMs.sort((a, b) => a - b);
  const at = (share: number) => healthMs[Math.floor((healthMs.length - 1) * share)].toFixed(1);
  console.log(`health check: median ${at(0.5)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms`);
}

if (import.meta.main) await run(process.argv.slice(2));
