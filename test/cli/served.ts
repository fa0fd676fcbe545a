/** A server as an operator starts it, for tests that change what it is set to. */
export type Line = { readonly event: string; readonly [key: string]: unknown };

/** `gatehouse serve` in a process of its own, and what it logs. */
export class Served {
  readonly #lines: Line[] = [];
  readonly #process: Bun.Subprocess<'ignore', 'pipe', 'ignore'>;
  readonly #read: Promise<void>;

  /** @param env besides the search path */
  constructor(cwd: string, env: Readonly<Record<string, string>>) {
    const main = new URL('../../main.ts', import.meta.url).pathname;
    this.#process = Bun.spawn([process.execPath, main, 'serve'], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'ignore',
    });
    this.#read = this.#readLines();
  }

  async #readLines(): Promise<void> {
    let rest = '';
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      this.#lines.push(...parts.map((line) => JSON.parse(line)));
    }
  }

  /** The first line of an event; of those after `change`, where that is given. */
  async line(event: string, change?: () => void): Promise<Line> {
    const from = change === undefined ? 0 : this.#lines.length;
    change?.();
    for (;;) {
      const found = this.#lines.slice(from).find((line) => line.event === event);
      if (found !== undefined) return found;
      if (this.#process.exitCode !== null) throw new Error(JSON.stringify(this.#lines));
      await Bun.sleep(10);
    }
  }

  hangUp(): void {
    this.#process.kill('SIGHUP');
  }

  /** At once, as a crash would. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#process.exited;
  }

  /** @returns the exit code */
  async end(): Promise<number> {
    this.#process.kill('SIGTERM');
    await this.#read;
    return await this.#process.exited;
  }
}
