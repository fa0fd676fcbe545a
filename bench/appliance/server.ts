/** The server of an installation in a process of its own: its address, its log, its memory, its end. */
import { readdirSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from './installation.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 25;

/** A line of the log. */
export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface StartOptions {
  /** Settings beside those of the installation. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that starts the program in its own process, such as `prlimit`. */
  readonly wrapper?: readonly string[];
  readonly args?: readonly string[];
}

/** How the process ended. */
export interface ServerEnd {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** What it wrote to the standard error output. */
  readonly errors: string;
}

export class Server {
  readonly pid: number;
  /** Where everything it logs goes. */
  readonly logFile: string;
  readonly ended: Promise<ServerEnd>;
  /** Its log without the lines of requests. */
  readonly lines: LogLine[] = [];
  readonly #child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>;
  readonly #address = Promise.withResolvers<string>();
  #url = '';
  #over = false;

  constructor({ command, env, folder }: Installation, options: StartOptions = {}) {
    const { wrapper = [], args = [] } = options;
    this.#child = Bun.spawn([...wrapper, ...command, 'serve', '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, ...options.env },
      cwd: folder,
    });
    this.pid = this.#child.pid;
    this.logFile = join(folder, 'server.log');
    this.#address.promise.catch(() => {});
    this.ended = this.#follow();
  }

  get url(): string {
    return this.#url;
  }

  get alive(): boolean {
    return !this.#over;
  }

  async #follow(): Promise<ServerEnd> {
    const [errors] = await Promise.all([
      new Response(this.#child.stderr).text(),
      this.#readLog(),
      this.#child.exited,
    ]);
    this.#over = true;
    this.#address.reject(new Error(`the server ended: ${errors}`));
    const { exitCode: code, signalCode: signal } = this.#child;
    return { code, signal: signal === null ? null : String(signal), errors: errors.trim() };
  }

  async #readLog(): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stdout) {
      const text = decoder.decode(chunk, { stream: true });
      await appendFile(this.logFile, text);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#note(JSON.parse(line));
    }
  }

  #note(line: LogLine): void {
    if (line.event === 'listening') {
      this.#url = String(line.url);
      this.#address.resolve(this.#url);
    }
    if (line.event !== 'request' && line.event !== 'docval-session') this.lines.push(line);
  }

  /** Waits until it takes work. @throws Error when it ends or does not get there */
  async ready(): Promise<void> {
    await this.#address.promise;
    const from = performance.now();
    while (await this.health() !== 200) {
      if (!this.alive || performance.now() - from > START_TIMEOUT_MS) {
        throw new Error('the server did not become ready');
      }
      await Bun.sleep(POLL_MS);
    }
  }

  /** Status of `/readyz`; 0 when nobody answers. */
  async health(): Promise<number> {
    return (await this.readiness()).status;
  }

  /** Status of `/readyz`, and the checks that fail with their reasons. */
  async readiness(): Promise<{ status: number; failing: string[] }> {
    try {
      const url = new URL('/readyz', this.url);
      const answer = await fetch(url, { tls: { rejectUnauthorized: false } });
      const { checks } = await answer.json() as { checks: Record<string, string>[] };
      const failing = checks.filter(({ status }) => status === 'failed')
        .map(({ check, reason }) => `${check}: ${reason}`);
      return { status: answer.status, failing };
    } catch {
      return { status: 0, failing: ['nobody answers'] };
    }
  }

  /** Waits for a line of the log. @throws Error when none comes */
  async line(holds: (line: LogLine) => boolean, withinMs = 30_000): Promise<LogLine> {
    const from = performance.now();
    for (;;) {
      const found = this.lines.find(holds);
      if (found !== undefined) return found;
      if (performance.now() - from > withinMs) throw new Error('the log does not say it');
      await Bun.sleep(POLL_MS);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it to end; ends it when it does not. */
  async stop(): Promise<ServerEnd> {
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), START_TIMEOUT_MS);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }

  /** Resident memory in megabytes. */
  get rssMb(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1024;
  }

  /** Open files and sockets. */
  get openFiles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  get threads(): number {
    return readdirSync(`/proc/${this.pid}/task`).length;
  }

  /** Processor time in seconds, since its start. */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    // utime and stime, in hundredths (proc(5))
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }
}

/** Starts the server of an installation; resolves when it takes work. */
export async function startServer(
  installation: Installation,
  options?: StartOptions,
): Promise<Server> {
  const server = new Server(installation, options);
  await server.ready();
  return server;
}
