/** Reads the log of the server under test line by line: what it must be, and what must not be in it. */
import { MARKER } from './case.ts';

/** A line of the longest request id and the longest timings there are. */
const MAX_LINE = 1000;
/** What may be said at level error: failures of the server itself, of which this run causes none. */
const NO_ERROR = new Set(['info', 'warn']);

export class LogWatch {
  /** Where the server listens. */
  readonly address: Promise<string>;
  /** Resolves when the server has closed its log. */
  readonly ended: Promise<void>;
  readonly #tellAddress: (url: string) => void;
  readonly #wrong: string[] = [];
  #lines = 0;

  constructor(stdout: ReadableStream<Uint8Array>) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.address = promise;
    this.#tellAddress = resolve;
    this.ended = this.#read(stdout);
  }

  get lines(): number {
    return this.#lines;
  }

  /** Why lines are wrong, with the lines. */
  get wrong(): readonly string[] {
    return this.#wrong;
  }

  async #read(stdout: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#check(line);
    }
    if (rest !== '') this.#wrong.push(`a line without an end: ${rest}`);
  }

  #check(line: string): void {
    this.#lines++;
    const faults = faultsOf(line);
    if (faults.length > 0) this.#wrong.push(`${faults.join(', ')}: ${line.slice(0, MAX_LINE)}`);
    else if (line.includes('"event":"listening"')) this.#tellAddress(JSON.parse(line).url);
  }
}

function faultsOf(line: string): string[] {
  const faults: string[] = [];
  if (line.includes(MARKER)) faults.push('repeats a request');
  if (line.length > MAX_LINE) faults.push('too long');
  if (!/^[\x20-\x7e]+$/.test(line)) faults.push('not ASCII');
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(line);
  } catch {
    return [...faults, 'not JSON'];
  }
  if (typeof content.event !== 'string') faults.push('no event');
  if (!NO_ERROR.has(String(content.level))) faults.push('an error');
  const id = content.request_id;
  if (id !== undefined && !/^[\x21-\x7e]{1,128}$/.test(String(id))) faults.push('wrong request id');
  return faults;
}
