/** Starts the real server on a free port with a fake face service, and speaks to it. */
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { createLogger, loadConfig, type RunningServer, startServer } from '../../../server/mod.ts';
import type { ConfigInput, Pages, ServerDeps } from '../../../server/mod.ts';
import { type FakeFaces, fakeFaces } from './fake-faces.ts';

export interface Running {
  readonly server: RunningServer;
  readonly faces: FakeFaces;
  /** Log lines so far, parsed. */
  readonly lines: Record<string, unknown>[];
  /** The same, as written. */
  readonly text: string[];
  readonly port: number;
  post(path: string, body: BodyInit | object, headers?: HeadersInit): Promise<Response>;
  /** Writes the parts to a fresh connection (a number is a pause in ms) and returns what came back. */
  raw(
    parts: readonly (string | Uint8Array | number)[],
    waitMs?: number,
    responses?: number,
  ): Promise<string>;
}

export function startFake(
  config: ConfigInput = {},
  pages?: Pages,
  deps: Partial<ServerDeps> = {},
): Running {
  const text: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const faces = fakeFaces();
  const settings = loadConfig({}, {
    port: 0,
    logLevel: 'debug',
    workers: 1,
    dataFolder: tmpdir(),
    ...config,
  });
  const log = createLogger(settings.logLevel, (line) => {
    text.push(line);
    lines.push(JSON.parse(line));
  });
  const server = startServer(settings, { faces, log, pages, ...deps });
  const port = Number(new URL(server.url).port);
  return {
    server,
    faces,
    lines,
    text,
    port,
    post: (path, body, headers = {}) =>
      fetch(new URL(path, server.url), {
        method: 'POST',
        body: isPlain(body) ? JSON.stringify(body) : body,
        headers: { 'Content-Type': 'application/json', ...headers as Record<string, string> },
      }),
    raw: (parts, waitMs = 2000, responses = 1) => exchange(port, parts, waitMs, responses),
  };
}

function isPlain(body: BodyInit | object): body is object {
  return Object.getPrototypeOf(body) === Object.prototype || Array.isArray(body);
}

/** Complete responses with a Content-Length at the start of `text`. */
function countResponses(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\r\n\r\n', at);
    const length = /content-length: (\d+)/i.exec(text.slice(at, end));
    if (end < 0) break;
    at = end + 4 + Number(length?.[1] ?? 0);
    if (length !== null && at <= text.length) count++;
  }
  return count;
}

/** Resolves when the server closes, when `responses` have arrived, or after `waitMs`. */
function exchange(
  port: number,
  parts: readonly (string | Uint8Array | number)[],
  waitMs: number,
  responses: number,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let got = '';
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(got);
    };
    const timer = setTimeout(finish, waitMs);
    socket.on('data', (data: Uint8Array) => {
      got += new TextDecoder().decode(data);
      if (countResponses(got) >= responses) finish();
    });
    socket.on('error', () => {});
    socket.on('close', finish);
    socket.on('connect', async () => {
      for (const part of parts) {
        if (socket.destroyed) return;
        if (typeof part === 'number') await Bun.sleep(part);
        else if (!socket.write(part)) {
          await new Promise((next) => {
            socket.once('drain', next);
            socket.once('close', next);
          });
        }
      }
    });
  });
}
