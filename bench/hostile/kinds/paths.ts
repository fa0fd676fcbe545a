/** Hostile request targets and methods. */
import { type Kind, MARKER, pick } from '../case.ts';
import {
  type Expected,
  HEAD_OF_REFUSAL,
  NO_ANSWER,
  NO_ENDPOINT,
  NO_HTTP,
  NO_PAGE,
  TIME,
  WRONG_METHOD,
  WRONG_VERSION,
} from '../expected.ts';
import { CLIENT_PATHS, FACE_AS, GENERATE, PROCESS, SECURE, SELFIE, VERIFY } from '../honest.ts';
import { request } from '../wire.ts';

const ENDPOINTS = [...CLIENT_PATHS, SELFIE, PROCESS, VERIFY, SECURE, FACE_AS, GENERATE];

function targets(name: string, expect: Expected, of: readonly string[], method = 'POST'): Kind {
  return {
    name,
    make: ({ random }) => ({
      send: { wire: [request(`${method} ${pick(random, of)}`)] },
      expect: [expect],
    }),
  };
}

function methods(name: string, of: readonly string[], ...expect: readonly Expected[]): Kind {
  return {
    name,
    make: ({ random }) => ({
      send: { wire: [request(`${pick(random, of)} ${pick(random, ENDPOINTS)}`)] },
      expect,
    }),
  };
}

export const PATH_KINDS: readonly Kind[] = [
  targets('path: to no endpoint', NO_ENDPOINT, [
    '/api/v1/',
    '/api/v1/Process',
    '/api/v1/process/',
    '/api/v1/process.',
    '/api/v1/process;jsessionid=1',
    '/api/v1/process%00',
    '/api/v1/process%2f',
    '/api/v1/process%',
    '/api/v1/%c0%af',
    '/api/v1/face_health/..',
    `/api/v1/${MARKER}`,
    `/api/v1/%0a%7b%22${MARKER}%22%7d`,
    `/api/v1/${'p'.repeat(8192)}`,
    `/api/v1/${'../'.repeat(500)}api/v1/${MARKER}`,
  ]),
  targets('path: to no page', NO_PAGE, [
    '//api/v1/process',
    '///',
    '/api//v1/process',
    '/API/v1/process',
    `//${MARKER}/api/v1/process`,
    '/..%2f..%2fetc/passwd',
    '/home/..\\..\\app.ts',
    '/.git/config',
    '/.env',
    '/%00',
    '/%',
    `/${MARKER}?${'q'.repeat(8192)}`,
    `/${MARKER}#fragment`,
    `/<script>${MARKER}</script>`,
  ]),
  targets('path: another way to write one', TIME, [
    '/api/v1/../v1/time',
    '/api/v1/%2e%2e/v1/./time',
    '/%61pi/v1/tim%65',
    `/api/v1/time?${MARKER}`,
    `/api/v1/time#${MARKER}`,
    `http://${MARKER}:99999/api/v1/time`,
    `HTTPS://user:${MARKER}@host/api/v1/time`,
  ]),
  targets('path: none', NO_HTTP, ['*', 'time', `${MARKER}:80`, 'ftp://a/b', ' /api/v1/time']),
  targets('path: version in it', WRONG_VERSION, ['/api/v1/time x', '/\x01', '/ a']),
  methods('method: known, not allowed', [
    ...['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT'],
    ...['PROPFIND', 'MKCOL', 'SEARCH', 'LOCK', 'M-SEARCH', 'REPORT', 'QUERY'],
  ], WRONG_METHOD),
  // the runtime mostly drops the connection without a word
  methods(
    'method: unknown',
    ['post', 'Get', 'BREW', 'PRI', MARKER, 'P'.repeat(5000)],
    NO_ANSWER,
    NO_HTTP,
  ),
  methods('method: none', ['', '\x7f', '(POST)'], NO_HTTP),
  {
    name: 'method: HEAD',
    make: ({ random }) => ({
      send: { path: pick(random, ENDPOINTS), method: 'HEAD' },
      expect: [HEAD_OF_REFUSAL],
    }),
  },
  targets('method: CONNECT to elsewhere', NO_HTTP, ['localhost:80', `${MARKER}:443`], 'CONNECT'),
];
