/** Hostile framing of bodies: lengths, chunks, transfer codings that contradict each other or lie. */
import { BODY_TIMEOUT_MS, type Kind, MARKER, pick } from '../case.ts';
import { BAD_FORMAT, BAD_JSON, NO_HTTP, TOO_LONG_EXTENSION } from '../expected.ts';
import { FACE_AS } from '../honest.ts';
import { request } from '../wire.ts';
import { BODY, headed, JSON_LINE, oneOf } from './by-hand.ts';

const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

export const FRAMING_KINDS: readonly Kind[] = [
  oneOf('Content-Length: lies', [
    [`Content-Length: ${BODY.length}`, 'Content-Length: 3'],
    `Content-Length: ${BODY.length}, ${BODY.length}`,
    'Content-Length: -1',
    'Content-Length: +5',
    'Content-Length: 0x10',
    'Content-Length: 1e3',
    'Content-Length: 99999999999999999999',
    'Content-Length: ',
  ], NO_HTTP),
  oneOf(
    'Transfer-Encoding: smuggling',
    [
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', `Content-Length: ${CHUNKED.length}`],
      'Transfer-Encoding: xchunked',
      'Transfer-Encoding: gzip, chunked',
      'Transfer-Encoding: chunked, identity',
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
      'Transfer-Encoding: identity',
      'Transfer-Encoding:\x0bchunked',
    ],
    NO_HTTP,
    `${CHUNKED}GET /${MARKER} HTTP/1.1\r\nHost: a\r\n\r\n`,
  ),
  {
    name: 'chunks: of lying sizes',
    make: ({ random }) => {
      const sizes = ['5', '-5', '0x22', 'zz', '', 'ffffffffffffffffffff', `${' '.repeat(9)}22`];
      const body = `${pick(random, sizes)}\r\n${BODY}\r\n0\r\n\r\n`;
      return headed(['Transfer-Encoding: chunked'], body, NO_HTTP);
    },
  },
  {
    name: 'chunks: more promised than sent',
    make: ({ random }) => ({
      ...headed(
        ['Transfer-Encoding: chunked'],
        `${pick(random, ['ff', '7fffffff', 'fffffffffff'])}\r\n${BODY}\r\n0\r\n\r\n`,
        BAD_JSON,
      ),
      withinMs: BODY_TIMEOUT_MS + 5000,
    }),
  },
  {
    name: 'chunks: extensions',
    make: ({ random }) => {
      const long = random.below(2) === 0;
      const body = CHUNKED.replace('\r\n', `;${(long ? 'e' : MARKER).repeat(long ? 1e5 : 1)}\r\n`);
      return headed(['Transfer-Encoding: chunked'], body, long ? TOO_LONG_EXTENSION : BAD_FORMAT);
    },
  },
  {
    // answered as it is, or dropped for its trailer: never two answers
    name: 'chunks: a request in the trailer',
    make: () => {
      const body = `${CHUNKED.slice(0, -2)}GET /${MARKER}: HTTP/1.1\r\nHost: a\r\n\r\n`;
      return headed(['Transfer-Encoding: chunked'], body, BAD_FORMAT, NO_HTTP);
    },
  },
  oneOf('Expect: nonsense', ['Expect: 200-ok', `Expect: ${MARKER}`], BAD_FORMAT),
  {
    name: 'Expect: 100-continue',
    make: () => {
      const whole = request(`POST ${FACE_AS}`, [JSON_LINE, 'Expect: 100-continue'], BODY);
      const head = whole.length - BODY.length;
      return {
        send: { wire: [whole.subarray(0, head), 50, whole.subarray(head)] },
        expect: [BAD_FORMAT],
      };
    },
  },
];
