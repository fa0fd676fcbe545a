/** The server of the docval benchmark, for the processes that measure it. */
import { parseClients, ResultPoster } from '../../server/docval/mod.ts';
import { createLogger, loadConfig, startServer } from '../../server/mod.ts';
import { type RecordedDocument, trusting } from '../emrtd/documents.ts';
import { CLIENT_ID } from './phones.ts';

const READ_AT = new Date('2025-06-01T00:00:00Z');
/** Only the chips decide how long a session takes. */
const TEN_MINUTES_MS = 600_000;

/** Starts it; one client gets results, the issuers of the documents are trusted. @returns where its sockets are */
export function startBenchServer(documents: readonly RecordedDocument[]): string {
  const trust = trusting(documents.map(({ csca }) => csca));
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
      trust: { current: async () => trust },
      poster: new ResultPoster(),
      now: () => READ_AT,
      limits: {
        startTimeoutMs: TEN_MINUTES_MS,
        responseTimeoutMs: TEN_MINUTES_MS,
        sessionTimeoutMs: TEN_MINUTES_MS,
      },
    },
  });
  return `${server.url.replace('http', 'ws')}ws1/validate?return_result=true`;
}
