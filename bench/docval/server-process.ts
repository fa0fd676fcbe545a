/**
 * The server of the docval benchmark in a process of its own, so that its processor time and memory are
 * not those of the phones. Spoken to over IPC.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createLogger, loadConfig, startServer } from '../../server/mod.ts';
import { parseClients, ResultPoster } from '../../server/docval/mod.ts';
import { recordedDocuments } from '../emrtd/documents.ts';

/** `settled` collects garbage first, whose time is not that of a session. */
export type Question = 'usage' | 'settled' | 'library';

/** Since the start of the process, or of the library run. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** 99th percentile of the event loop's lateness since the last question. */
  readonly loopDelayP99Ms: number;
}

export const CLIENT_ID = 'benchmark-client-id';
/** Index in `recordedDocuments` of the document that the phones relay. */
export const DOCUMENT = 1;
const READ_AT = new Date('2025-06-01T00:00:00Z');
const LIBRARY_READS = 300;
const TEN_MINUTES_MS = 600_000;

async function serve(): Promise<void> {
  const [document] = (await recordedDocuments()).slice(DOCUMENT);
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
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const usage = (): Usage => {
    const { user, system } = process.cpuUsage();
    const loopDelayP99Ms = delay.percentile(99) / 1e6;
    delay.reset();
    return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss(), loopDelayP99Ms };
  };
  process.on('message', async (question: Question) => {
    if (question === 'settled') Bun.gc(true);
    if (question !== 'library') return void process.send?.(usage());
    for (let i = 0; i < LIBRARY_READS / 3; i++) await document.read();
    const before = process.cpuUsage();
    for (let i = 0; i < LIBRARY_READS; i++) await document.read();
    const { user, system } = process.cpuUsage(before);
    process.send?.({ ...usage(), cpuMs: (user + system) / 1000 / LIBRARY_READS });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(server.url);
}

if (import.meta.main) await serve();
