/** The server of the docval benchmark. */
import { createLogger, loadConfig, startServer } from '../../server/mod.ts';
import { parseClients, ResultPoster } from '../../server/docval/mod.ts';
import { lengthsNamed, relayedDocument } from '../emrtd/documents.ts';
import { announce } from './measured.ts';
import { CLIENT_ID } from './phones.ts';

const READ_AT = new Date('2025-06-01T00:00:00Z');
const TEN_MINUTES_MS = 600_000;

const document = await relayedDocument(lengthsNamed(process.argv[2]));
const clients = [{ name: 'bench', client_id: CLIENT_ID, return_result: true }];
const server = startServer(loadConfig({}, { port: 0 }), {
  faces: {
    ready: false,
    extract: () => Promise.reject(new Error('no faces here')),
    compare: () => Promise.reject(new Error('no faces here')),
    close: () => {},
  } as never,
  log: createLogger('error', (line) => process.stderr.write(line)),
  docval: {
    clients: parseClients(JSON.stringify({ clients }), 'clients'),
    trust: { current: async () => document.trust },
    poster: new ResultPoster(),
    now: () => READ_AT,
    limits: {
      startTimeoutMs: TEN_MINUTES_MS,
      responseTimeoutMs: TEN_MINUTES_MS,
      sessionTimeoutMs: TEN_MINUTES_MS,
    },
  },
});
const path = 'ws1/validate?return_result=true';
announce(`${server.url.replace('http', 'ws')}${path}`);
