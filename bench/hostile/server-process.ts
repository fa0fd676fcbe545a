/** The server under test in a process of its own: its address, its memory, its end. */
import { readFileSync } from 'node:fs';

export interface ServerProcess {
  readonly url: string;
  alive(): boolean;
  /** Resident memory of the process in megabytes. */
  rssMb(): number;
  /** Sends SIGTERM and returns the exit code. */
  stop(): Promise<number>;
}

const READY_TIMEOUT_MS = 60_000;

/** @param command how to start `gatehouse`, without its arguments. */
export async function startServerProcess(command: string[], pack?: string): Promise<ServerProcess> {
  const child = Bun.spawn(
    [...command, 'serve', '--port', '0', ...(pack === undefined ? [] : ['--pack', pack])],
    { stdout: 'pipe', stderr: 'inherit' },
  );
  const url = await addressOf(child.stdout);
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
    alive: () => child.exitCode === null && child.signalCode === null,
    rssMb() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1024;
    },
    stop() {
      child.kill('SIGTERM');
      return child.exited;
    },
  };
}

/** Reads the log until the line that names the address, and goes on reading so that the pipe never fills. */
async function addressOf(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stdout.pipeThrough(new TextDecoderStream() as never).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error('the server ended before it listened');
    text += value;
    const url = /"event":"listening","url":"([^"]+)"/.exec(text)?.[1];
    if (url === undefined) continue;
    (async () => {
      while (!(await reader.read()).done);
    })();
    return url;
  }
}
