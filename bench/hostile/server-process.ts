/** The server under test in a process of its own: its address, its memory, its log, its end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogWatch } from './log-watch.ts';

export interface ServerProcess {
  readonly url: string;
  readonly log: LogWatch;
  alive(): boolean;
  /** Resident memory of the process in megabytes. */
  rssMb(): number;
  /** Files and sockets that it has open. */
  openFiles(): number;
  /** Sends SIGTERM and returns the exit code. */
  stop(): Promise<number>;
}

const READY_TIMEOUT_MS = 60_000;

/**
 * Starts it on a free port with a data folder of its own.
 * @param command how to start `gatehouse`, without its arguments
 * @param env settings beside those of this process
 */
export async function startServerProcess(
  command: string[],
  pack: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const data = await mkdtemp(join(tmpdir(), 'gatehouse-hostile-'));
  const child = Bun.spawn(
    [...command, 'serve', '--port', '0', ...(pack === undefined ? [] : ['--pack', pack])],
    { stdout: 'pipe', stderr: 'inherit', env: { ...process.env, GATEHOUSE_DATA: data, ...env } },
  );
  const log = new LogWatch(child.stdout);
  const url = await log.address;
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while ((await fetch(new URL('/api/v1/face_health', url))).status !== 200) {
    if (performance.now() > deadline || child.exitCode !== null) {
      child.kill();
      throw new Error('the server did not become ready');
    }
    await Bun.sleep(50);
  }
  return {
    url,
    log,
    alive: () => child.exitCode === null && child.signalCode === null,
    rssMb() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1024;
    },
    openFiles: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async stop() {
      child.kill('SIGTERM');
      const code = await child.exited;
      await log.ended;
      await rm(data, { recursive: true });
      return code;
    },
  };
}
