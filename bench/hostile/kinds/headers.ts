/** Hostile headers, by hand where no HTTP client would send them. */
import { type Kind, MARKER, pick, textBytes } from '../case.ts';
import {
  BAD_FORMAT,
  BAD_JSON,
  NO_HTTP,
  NOT_MODIFIED,
  PAGE,
  TIME,
  TOO_MANY_HEADERS,
  WRONG_METHOD,
  WRONG_VERSION,
} from '../expected.ts';
import { FACE_AS, GENERATE, PROCESS, SELFIE } from '../honest.ts';
import { request } from '../wire.ts';
import { byHand, oneOf } from './by-hand.ts';

/** 64 MB of spaces. */
const BOMB = Bun.gzipSync(new Uint8Array(64 * 2 ** 20).fill(0x20));

const many = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: ${MARKER}`);

export const HEADER_KINDS: readonly Kind[] = [
  oneOf('headers: too many or too long', [
    many(1000),
    `X: ${'x'.repeat(65_536)}`,
    `${'x'.repeat(65_536)}: x`,
    `requestID: ${'x'.repeat(65_536)}`,
    `Cookie: ${'x=y; '.repeat(20_000)}`,
  ], TOO_MANY_HEADERS),
  oneOf('headers: long but allowed', [many(80), `X: ${MARKER.repeat(1000)}`], BAD_FORMAT),
  oneOf('headers: no header', [
    'no colon',
    ': no name',
    'space in: name',
    'X\0Y: 1',
    'X: a\0b',
    'X: a\r\n folded',
    `requestID: a\n{"level":"error","x":"${MARKER}"}`,
    'X: a\rY: b',
    'Transfer-Encoding : chunked',
  ], NO_HTTP),
  oneOf('Content-Type twice', [
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Type: application/json',
  ], BAD_JSON),
  oneOf('Host that is none', [
    'Host: [',
    'Host: ::1',
    'Host: a:99999',
    'Host: %00',
    `Host: ${MARKER}/x`,
    'Host: localhost@a',
    'Host: <b>',
    'Host: a, b',
    ['Host: a', 'Host: b'],
    'Host: \xe4',
  ], NO_HTTP),
  oneOf('Host of somebody else', [
    'Host: ',
    `Host: ${MARKER}`,
    ['Host: a', `X-Forwarded-Host: ${MARKER}`, `Forwarded: host=${MARKER}`],
    'Host: 169.254.169.254',
  ], BAD_FORMAT),
  {
    name: 'no Host',
    make: () => byHand(`POST ${FACE_AS} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`, NO_HTTP),
  },
  // where the log lines are checked: see server-process.ts
  oneOf('requestID: absurd', [
    `requestID: ${'r'.repeat(10_000)}`,
    'requestID: a\tb"},{"level":"error',
    'requestID: \xe4\x85\x9f',
    ['requestID: a', 'requestID: b'],
    'requestID: ${jndi:ldap://a/b}',
  ], BAD_FORMAT),
  oneOf('Content-Encoding', [
    'Content-Encoding: gzip',
    'Content-Encoding: br',
    'Content-Encoding: deflate, identity',
    'Content-Encoding: zstd',
    `Content-Encoding: ${MARKER}`,
  ], BAD_JSON),
  {
    name: 'Content-Encoding: a bomb',
    make: ({ random }) => ({
      send: {
        path: pick(random, [SELFIE, PROCESS, GENERATE]),
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body: BOMB,
      },
      expect: [BAD_JSON],
    }),
  },
  oneOf('Upgrade: nonsense', [
    ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings, close', 'HTTP2-Settings: AAMAAABk'],
    ['Upgrade: websocket', 'Connection: Upgrade, close'],
    ['Upgrade: TLS/1.0', 'Connection: Upgrade, close'],
  ], BAD_FORMAT),
  {
    name: 'Upgrade: an endpoint is no socket',
    make: () => {
      const headers = [
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAA',
      ];
      return byHand(request(`GET ${PROCESS}`, headers), WRONG_METHOD);
    },
  },
  {
    name: 'Range, conditions, credentials',
    make: ({ random }) => {
      const get = (...headers: string[]) => request('GET /home/main.js', headers);
      return pick(random, [
        byHand(get('Range: bytes=0-0,1-1,-1', `Range: ${MARKER}`), PAGE),
        byHand(get(`If-None-Match: ${'"x", '.repeat(2000)}`), PAGE),
        byHand(get('If-None-Match: *'), NOT_MODIFIED),
        byHand(get('If-Modified-Since: never', `Authorization: Basic ${MARKER}`), PAGE),
        byHand(request('POST /api/v1/time', ['Range: bytes=0-0', `Cookie: ${MARKER}`]), TIME),
      ]);
    },
  },
  {
    name: 'other protocols',
    make: ({ random }) =>
      pick(random, [
        byHand('GET /\r\n\r\n', WRONG_VERSION),
        byHand('GET / HTTP/9.9\r\nHost: a\r\n\r\n', WRONG_VERSION),
        byHand('GET / HTTP/1.1\nHost: a\n\n', WRONG_VERSION),
        byHand('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', NO_HTTP),
        byHand(textBytes('\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n'), NO_HTTP),
        byHand('SSH-2.0-OpenSSH_9.9\r\n\r\n', NO_HTTP),
        byHand('\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', NO_HTTP),
      ]),
  },
];
