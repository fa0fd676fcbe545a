/** HTTP/1.1 by hand: what no client library would send, and a reader of whatever comes back. */
import { connect } from 'node:net';
import type { HttpAnswer } from './expected.ts';

/** Nothing more is sent, but the answer is awaited. */
export const HALF_CLOSE: unique symbol = Symbol('half-close');
/** The connection is dropped. */
export const ABANDON: unique symbol = Symbol('abandon');

/** Nothing is read from here on. */
export const UNREAD: unique symbol = Symbol('unread');

/** Bytes, a pause in milliseconds, or what else one does to a connection. */
export type WirePart =
  | string
  | Uint8Array
  | number
  | typeof HALF_CLOSE
  | typeof ABANDON
  | typeof UNREAD;

/** Time for an answer too many to show itself where the connection stays open. */
const AFTERWARDS_MS = 50;

/**
 * A request as bytes. Host, Connection and Content-Length are added unless `headers` has them.
 * @param line method and target
 * @param headers whole lines, in Latin-1
 */
export function request(
  line: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = '',
): Uint8Array {
  const bytes = Buffer.from(body as string);
  const given = new Set(headers.map((header) => header.split(':')[0].trim().toLowerCase()));
  const own = [
    ['host', 'Host: gatehouse'],
    ['connection', 'Connection: close'],
    ...(given.has('transfer-encoding')
      ? []
      : [['content-length', `Content-Length: ${bytes.length}`]]),
  ];
  const all = [...own.flatMap(([name, header]) => given.has(name) ? [] : [header]), ...headers];
  const version = /HTTP\/\S+$/.test(line) ? '' : ' HTTP/1.1';
  const head = `${line}${version}\r\n${all.map((header) => `${header}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/**
 * Sends the parts on a connection of its own.
 * @param due answers after which the connection may stay open
 * @returns all answers that came before the end
 */
export function talk(
  url: string,
  parts: readonly WirePart[],
  due: number,
  timeoutMs: number,
): Promise<HttpAnswer[]> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const got: Uint8Array[] = [];
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(readAnswers(Buffer.concat(got), true));
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('neither answered nor closed'));
    }, timeoutMs);
    socket.on('data', (data: Uint8Array) => {
      got.push(data);
      if (due > 0 && readAnswers(Buffer.concat(got), false).length >= due) {
        setTimeout(finish, AFTERWARDS_MS);
      }
    });
    // a reset is how some of them end
    socket.on('error', () => {});
    socket.on('close', finish);
    socket.on('connect', async () => {
      for (const part of parts) {
        if (socket.destroyed) return;
        if (typeof part === 'number') await Bun.sleep(part);
        else if (part === HALF_CLOSE) socket.end();
        else if (part === ABANDON) finish();
        else if (part === UNREAD) socket.pause();
        else socket.write(part);
      }
    });
  });
}

/** @param ended whether an answer without a length is over */
function readAnswers(bytes: Buffer, ended: boolean): HttpAnswer[] {
  const answers: HttpAnswer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) break;
    const [status, ...lines] = bytes.subarray(at, end).toString('latin1').split('\r\n');
    const headers = new Headers(lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as [string, string];
    }));
    const http = Number(/^HTTP\/1\.[01] (\d{3})/.exec(status)?.[1] ?? NaN);
    const start = end + 4, length = headers.get('content-length');
    const bodyless = http < 200 || http === 304;
    if (length === null && !bodyless && !ended) break;
    at = bodyless ? start : length === null ? nextAnswer(bytes, start) : start + Number(length);
    if (at > bytes.length) break;
    if (http >= 200 || Number.isNaN(http)) {
      answers.push({ http, headers, body: bytes.subarray(start, at) });
    }
  }
  return answers;
}

/** An answer without a length goes to the end, or to the next one. */
function nextAnswer(bytes: Buffer, from: number): number {
  const next = bytes.indexOf('HTTP/1.1 ', from);
  return next < 0 ? bytes.length : next;
}
