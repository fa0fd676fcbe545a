/**
 * The line of the software chip: one command APDU per line in hexadecimal, one answer per line back, over
 * TCP. A connection is a card in the field: it starts a new session, and closing it is a reset.
 */
import { EmrtdError } from '../../emrtd/errors.ts';
import type { Transceiver } from '../../emrtd/types.ts';

/** An extended APDU of 65,535 data bytes in hexadecimal, and some room. */
const MAX_LINE = 140_000;

/** Lines out of chunks, without the bytes after the last line end. */
class Lines {
  #rest = '';

  /** Throws RangeError when a line grows beyond the limit. */
  push(chunk: Uint8Array): string[] {
    const parts = (this.#rest + new TextDecoder('latin1').decode(chunk)).split('\n');
    this.#rest = parts.pop() ?? '';
    if ([this.#rest, ...parts].some((line) => line.length > MAX_LINE)) {
      throw new RangeError('line is too long');
    }
    return parts.map((line) => line.trim()).filter((line) => line !== '');
  }
}

/** Lines on their way out: a socket takes as much as it can and asks for the rest later. */
class Outbox {
  #unsent: Uint8Array = new Uint8Array();

  send(socket: { write(bytes: Uint8Array): number }, apdu: Uint8Array): void {
    const line = new TextEncoder().encode(`${apdu.toHex().toUpperCase()}\n`);
    const all = new Uint8Array(this.#unsent.length + line.length);
    all.set(this.#unsent);
    all.set(line, this.#unsent.length);
    this.#unsent = all;
    this.flush(socket);
  }

  flush(socket: { write(bytes: Uint8Array): number }): void {
    if (this.#unsent.length === 0) return;
    this.#unsent = this.#unsent.subarray(Math.max(0, socket.write(this.#unsent)));
  }
}

function bytesOf(line: string): Uint8Array | undefined {
  return /^([0-9a-fA-F]{2})+$/.test(line) ? Uint8Array.fromHex(line) : undefined;
}

export interface ChipServer {
  host: string;
  port: number;
  stop(): void;
}

interface Connection {
  lines: Lines;
  chip: Transceiver;
  abort: AbortController;
  /** Answers go out in the order of the commands. */
  queue: Promise<void>;
  outbox: Outbox;
}

/**
 * Serves chips: `insert` gives a new one for every connection. Port 0 takes a free one. A line that is not
 * hexadecimal, or too long, closes the connection.
 */
export function serveChip(
  insert: () => Transceiver,
  { host, port }: { host: string; port: number },
): ChipServer {
  const server = Bun.listen<Connection>({
    hostname: host,
    port,
    socket: {
      open(socket) {
        socket.data = {
          lines: new Lines(),
          chip: insert(),
          abort: new AbortController(),
          queue: Promise.resolve(),
          outbox: new Outbox(),
        };
      },
      data(socket, chunk) {
        const { data } = socket;
        let lines: string[];
        try {
          lines = data.lines.push(chunk);
        } catch {
          socket.end();
          return;
        }
        for (const line of lines) {
          data.queue = data.queue.then(async () => {
            const command = bytesOf(line);
            if (command === undefined) throw new RangeError('not hexadecimal');
            const answer = await data.chip.transceive(command, data.abort.signal);
            data.outbox.send(socket, answer);
          }).catch(() => {
            socket.end();
          });
        }
      },
      drain(socket) {
        socket.data.outbox.flush(socket);
      },
      close(socket) {
        socket.data.abort.abort(new Error('the line was closed'));
      },
    },
  });
  return { host: server.hostname, port: server.port, stop: () => server.stop(true) };
}

/** The other end: a chip behind `tcp:HOST:PORT`. */
export interface ChipLine extends Transceiver {
  close(): void;
}

interface Waiting {
  resolve: (answer: Uint8Array) => void;
  reject: (error: EmrtdError) => void;
}

/** Connects to a chip. Throws TRANSCEIVE_FAILED when nobody listens or the line breaks. */
export async function connectChip(host: string, port: number): Promise<ChipLine> {
  const lines = new Lines();
  const outbox = new Outbox();
  const waiting: Waiting[] = [];
  let broken: EmrtdError | undefined;
  const fail = (what: string) => {
    broken ??= new EmrtdError('TRANSCEIVE_FAILED', `tcp:${host}:${port}: ${what}`);
    for (const { reject } of waiting.splice(0)) reject(broken);
  };
  const socket = await Bun.connect({
    hostname: host,
    port,
    socket: {
      data(_, chunk) {
        try {
          for (const line of lines.push(chunk)) {
            const answer = bytesOf(line);
            if (answer === undefined) fail('the answer is not hexadecimal');
            else waiting.shift()?.resolve(answer);
          }
        } catch {
          fail('the answer is too long');
        }
      },
      drain: (socket) => outbox.flush(socket),
      close: () => fail('the chip closed the line'),
      error: () => fail('the line broke'),
    },
  }).catch(() => {
    throw new EmrtdError('TRANSCEIVE_FAILED', `tcp:${host}:${port}: nobody answers`);
  });
  return {
    transceive(command) {
      return new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.push({ resolve, reject });
        outbox.send(socket, command);
      });
    },
    close: () => socket.end(),
  };
}
