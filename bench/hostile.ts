/**
 * The hostile run: thousands of mixed requests to every endpoint, a third of them hostile, against the real
 * server in a process of its own. Every answer and every log line is checked, memory is sampled, health is
 * polled throughout.
 */
import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';
import { BODY_TIMEOUT_MS, type Kind, type Sources } from './hostile/case.ts';
import { exchange } from './hostile/exchange.ts';
import { watchHealth } from './hostile/health.ts';
import { HONEST_KINDS } from './hostile/honest.ts';
import { HOSTILE_KINDS } from './hostile/kinds/mod.ts';
import { loadGallery } from './hostile/pictures.ts';
import { seededRandom } from './hostile/random.ts';
import { isFlat, Tallies } from './hostile/report.ts';
import { startServerProcess } from './hostile/server-process.ts';
import { percentile } from './statistics.ts';

const ROOT = resolve(import.meta.dir, '..');
const FACES = resolve(ROOT, '../shared/data/faces/lfw-view1/images');
/** One request in this many is hostile. */
const HOSTILE_EVERY = 3;
/** Time for connections that were left to be taken down before open files are counted. */
const SETTLE_MS = 3000;
/** Open files at the end beyond those at the start: connections that are kept alive. */
const SPARE_FILES = 32;

/**
 * `--requests N` (3000), `--concurrency N` (4), `--seed N` (1), `--faces DIR`, `--binary FILE` (the
 * compiled program instead of the sources), `--pack PATH`.
 * Ends with exit code 1 when an answer or a log line was wrong, memory grew, connections stayed or the
 * server died.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '3000' },
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
  const server = await startServerProcess(command, values.pack, {
    GATEHOUSE_BODY_TIMEOUT_MS: String(BODY_TIMEOUT_MS),
  });
  const { url } = server;
  const key = await (await fetch(new URL('/api/v1/pub_key', url), { method: 'POST' })).json();
  const sources: Sources = { url, key, gallery, random };

  const tallies = new Tallies();
  const filesAtStart = server.openFiles();
  const rssMb: number[] = [server.rssMb()];
  const health = watchHealth(url);

  let next = 0;
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (next < total && server.alive()) {
      const n = next++;
      const { name, make } = kindOf(n);
      tallies.add(name, await exchange(url, await make(sources)));
      if ((n + 1) % Math.ceil(total / 10) === 0) {
        rssMb.push(server.rssMb());
        console.error(`${n + 1} of ${total} requests, RSS ${rssMb.at(-1)?.toFixed(0)} MB`);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(values.concurrency) }, client));
  const seconds = (performance.now() - started) / 1000;
  const healthMs = await health.stop();

  const alive = server.alive();
  await Bun.sleep(SETTLE_MS);
  const files = alive ? server.openFiles() : NaN;
  const exitCode = await server.stop();

  tallies.print([...HONEST_KINDS, ...HOSTILE_KINDS].map(({ name }) => name));
  const { sent, wrong } = tallies;
  console.log(`${sent} requests in ${seconds.toFixed(0)} s, ${HOSTILE_KINDS.length} hostile kinds`);
  const outcome = [
    check('answers', wrong === 0, `${sent - wrong} of ${sent} as expected`),
    check('memory', isFlat(rssMb), `MB at every tenth: ${rssMb.map(Math.round).join(' ')}`),
    check(
      'open files',
      files <= filesAtStart + SPARE_FILES,
      `${filesAtStart}, at the end ${files}`,
    ),
    check('log', server.log.wrong.length === 0, `${server.log.lines} lines`),
    check('end', alive && exitCode === 0, `exit code ${exitCode} on SIGTERM`),
  ];
  for (const line of server.log.wrong.slice(0, 5)) console.log(`  ${line}`);
  const at = (share: number) => percentile(healthMs, share).toFixed(1);
  console.log(`health check: median ${at(0.5)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms`);
  if (outcome.includes(false)) process.exitCode = 1;
}

/** Kinds come in turn, so that each is sent equally often. */
function kindOf(n: number): Kind {
  const hostile = Math.floor(n / HOSTILE_EVERY);
  return n % HOSTILE_EVERY === HOSTILE_EVERY - 1
    ? HOSTILE_KINDS[hostile % HOSTILE_KINDS.length]
    : HONEST_KINDS[(n - hostile) % HONEST_KINDS.length];
}

function check(what: string, right: boolean, detail: string): boolean {
  console.log(`${right ? 'ok   ' : 'WRONG'} ${what}: ${detail}`);
  return right;
}

if (import.meta.main) await run(process.argv.slice(2));
