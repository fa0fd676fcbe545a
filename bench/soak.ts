/**
 * `npm run bench -- soak [--minutes N]`: the built program under all its kinds of requests at a modest rate, in a
 * network namespace whose every packet is captured. Whatever it sends beyond this machine is seen, a query for a
 * name as well; memory, descriptors and threads are sampled.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { administrator } from './appliance/console.ts';
import { install } from './appliance/installation.ts';
import { check, madeOn, markdownTable, programOf, writeSection } from './appliance/page.ts';
import { BILLED_KINDS, FREE_KINDS, HANDED_OVER } from './appliance/requests.ts';
import { type Server, startServer } from './appliance/server.ts';
import { type Outcome, tally, Traffic } from './appliance/traffic.ts';
import { isFlat } from './hostile/report.ts';
import { canCapture, type Captured, startCapture, tryToLeave } from './soak/capture.ts';
import { canIsolate, openWayOut } from './soak/namespace.ts';
import { type Course, type Measure, Samples } from './soak/samples.ts';

const KINDS = [...BILLED_KINDS, HANDED_OVER, ...FREE_KINDS, administrator()];
const CLIENTS = 4;
/** Samples of one run. */
const SAMPLES = 600;
const LEAST_INTERVAL_MS = 100;
/** Open files of the last tenth beyond those of the first: connections that are kept alive. */
const SPARE_FILES = 8;
/** Set in the process inside the namespace. */
const INSIDE = 'GATEHOUSE_SOAK_INSIDE';

/**
 * `--minutes N` (60), `--rate N` requests a second (4), `--binary FILE | sources`, `--write`: the tables into
 * docs/robustness.md. Needs root, tcpdump and ip. Ends with code 1 when something was not as it should be.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '4' },
      binary: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (!canIsolate() || !canCapture()) {
    console.log('the soak is skipped: it needs root, network namespaces, ip and tcpdump');
    return;
  }
  if (process.env[INSIDE] === undefined) {
    const main = resolve(import.meta.dir, 'main.ts');
    const child = Bun.spawn(['unshare', '--net', process.execPath, main, 'soak', ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, [INSIDE]: '1' },
    });
    process.exitCode = await child.exited;
    return;
  }
  const minutes = Number(values.minutes), perSecond = Number(values.rate);
  const soaked = await soak(programOf(values.binary), minutes, perSecond);
  report(soaked);
  if (values.write) await writeSection('soak', textOf(soaked, minutes, perSecond));
}

interface Soaked {
  readonly control: Captured;
  readonly captured: Captured;
  readonly outcomes: readonly Outcome[];
  readonly samples: Samples;
  /** Share of one core that the server took. */
  readonly cores: number;
  readonly exitCode: number | null;
  /** Lines of the log at level error. */
  readonly errors: readonly string[];
}

async function soak(command: string[], minutes: number, perSecond: number): Promise<Soaked> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-soak-'));
  await openWayOut();
  const installation = await install(command);
  const capture = await startCapture(join(folder, 'soak.pcap'));
  let server: Server | undefined;
  try {
    const running = server = await startServer(installation);
    const traffic = await Traffic.start({
      installation,
      url: () => running.url,
      clients: CLIENTS,
      perSecond,
      kinds: KINDS,
    });
    const durationMs = minutes * 60_000;
    const samples = new Samples(running, Math.max(LEAST_INTERVAL_MS, durationMs / SAMPLES));
    const usedBefore = running.cpuSeconds;
    await Promise.race([Bun.sleep(durationMs), running.ended]);
    samples.stop();
    const cores = running.alive ? (running.cpuSeconds - usedBefore) / (minutes * 60) : NaN;
    const outcomes = await traffic.stop();
    const { code } = await running.stop();
    const captured = await capture.stop();
    // after it, so that the queries it repeats are not taken for the server's
    const controlled = await startCapture(join(folder, 'control.pcap'));
    await tryToLeave();
    const control = await controlled.stop();
    const errors = running.lines.filter(({ level }) => level === 'error')
      .map((line) => JSON.stringify(line));
    return { control, captured, outcomes, samples, cores, exitCode: code, errors };
  } finally {
    if (server?.alive) await server.stop();
    await installation.remove();
    await rm(folder, { recursive: true });
  }
}

function report({ control, captured, outcomes, samples, exitCode, errors }: Soaked): void {
  for (const { name } of KINDS) {
    console.log(`${name}: ${tally(outcomes.filter(({ kind }) => kind === name)).join('; ')}`);
  }
  for (const line of captured.leaving.slice(0, 20)) console.log(`  ${line}`);
  const { leaving, names } = control;
  check(
    'control',
    leaving.length > 1 && names.length > 0,
    `${leaving.length} packets seen leaving`,
  );
  check('nothing leaves', captured.leaving.length === 0, `of ${captured.packets} packets`);
  check('no names asked for', captured.names.length === 0, `${captured.names.length} queries`);
  check('nothing missed', captured.dropped === 0, `${captured.dropped} packets dropped`);
  const wrong = outcomes.filter((outcome) => !isRight(outcome));
  check('answers', wrong.length === 0, `${outcomes.length} sent; ${tally(wrong).join('; ')}`);
  const show = ({ tenths, slopePerHour }: Course) =>
    `${tenths.map((value) => value.toFixed(0)).join(' ')}, ${slopePerHour.toFixed(1)} an hour`;
  const memory = samples.courseOf('rssMb'), files = samples.courseOf('openFiles');
  check('memory, MB', isFlat(memory.tenths), show(memory));
  const [first, last] = [files.tenths[0], files.tenths[9]];
  check('open files', last <= first + SPARE_FILES, show(files));
  check('threads', true, show(samples.courseOf('threads')));
  check('log', errors.length === 0, errors[0] ?? 'no line at level error');
  check('end', exitCode === 0, `exit code ${exitCode}`);
}

function isRight({ kind, said }: Outcome): boolean {
  return kind === 'a wrong key'
    ? said === '401 ERROR_UNAUTHORIZED'
    : /^200|^1000(?! not)/.test(said);
}

const MEASURES: readonly (readonly [string, Measure])[] = [
  ['resident memory, MB', 'rssMb'],
  ['open files and sockets', 'openFiles'],
  ['threads', 'threads'],
];

function textOf(soaked: Soaked, minutes: number, perSecond: number): string {
  const { control, captured, outcomes, samples, cores } = soaked;
  const answered = outcomes.filter(isRight).length;
  return [
    `${madeOn()} ${minutes} minutes at ${perSecond} requests a second, ${
      cores.toFixed(2)
    } of a core: ${outcomes.length} requests of ${KINDS.length} kinds, ${answered} answered as they should be.`,
    markdownTable([
      ['packets', 'number'],
      ['captured', String(captured.packets)],
      ['missed by the capture', String(captured.dropped)],
      ['neither from nor to loopback', String(captured.leaving.length)],
      ['queries for names', String(captured.names.length)],
      ['control: seen leaving', String(control.leaving.length)],
      ['control: queries for names', String(control.names.length)],
    ]),
    markdownTable([
      ['median of each tenth', ...Array.from({ length: 10 }, (_, i) => String(i + 1)), 'an hour'],
      ...MEASURES.map(([name, measure]) => {
        const { tenths, slopePerHour } = samples.courseOf(measure);
        return [name, ...tenths.map((value) => value.toFixed(0)), slopePerHour.toFixed(1)];
      }),
    ]),
  ].join('\n\n');
}
