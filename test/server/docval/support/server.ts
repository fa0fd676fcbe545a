/** The real server with clients and a trust store of the test's choice, at the time of the specimens. */
import { type DocvalSettings, parseClients, ResultPoster } from '../../../../server/docval/mod.ts';
import type { JpegConverter } from '../../../../server/core/image/jpeg-converter.ts';
import type { SigningKey } from '../../../../server/core/keys/signing-key.ts';
import { createLogger, type Licensing, loadConfig, startServer } from '../../../../server/mod.ts';
import type { TrustStore } from '../../../../emrtd/mod.ts';
import { CHECKED_AT } from '../../../emrtd/chip/support.ts';
import { fakeFaces } from '../../support/fake-faces.ts';

export const CLIENT_ID = 'test-client-0123456789';
/** Allowed to have the result; nothing else. */
export const DEVICE_CLIENT = { name: 'device', client_id: CLIENT_ID, return_result: true };

export interface DocvalServer {
  readonly origin: string;
  /** `/ws1/validate`, asking for the result. */
  readonly v1: string;
  /** Log lines as written. */
  readonly log: string[];
  /** Log lines of sessions, parsed. */
  sessions(): Record<string, unknown>[];
  stop(): Promise<void>;
}

export interface DocvalServerOptions {
  /** Undefined: asking for the store fails, as no part of the server should. */
  readonly trust: TrustStore | DocvalSettings['trust'] | undefined;
  /** The time of the specimens unless given. */
  readonly now?: () => Date;
  readonly clients?: readonly object[];
  readonly limits?: DocvalSettings['limits'];
  readonly pausesMs?: readonly number[];
  readonly postTimeoutMs?: number;
  readonly signingKey?: SigningKey;
  readonly converter?: JpegConverter;
  readonly licensing?: Licensing;
}

export function startDocval(options: DocvalServerOptions): DocvalServer {
  const log: string[] = [];
  const { trust, clients = [DEVICE_CLIENT], limits = {}, pausesMs = [5, 5, 5] } = options;
  const { postTimeoutMs: timeoutMs = 250 } = options;
  const { signingKey, converter, licensing } = options;
  const server = startServer(loadConfig({}, { port: 0, drainMs: 2000 }), {
    ...(signingKey && { signingKey }),
    ...(licensing && { licensing }),
    faces: fakeFaces(),
    log: createLogger('debug', (line) => log.push(line)),
    docval: {
      clients: parseClients(JSON.stringify({ clients }), 'clients'),
      trust: trust !== undefined && 'current' in trust ? trust : {
        current: async () => {
          if (trust === undefined) throw new TypeError('no store');
          return trust;
        },
      },
      poster: new ResultPoster({ timeoutMs, pausesMs }),
      limits,
      ...(converter && { converter }),
      now: options.now ?? (() => CHECKED_AT),
    },
  });
  const origin = server.url.replace(/\/$/, '');
  return {
    origin,
    v1: `${origin.replace('http', 'ws')}/ws1/validate?return_result=true`,
    log,
    sessions: () =>
      log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'docval-session'),
    stop: () => server.stop(),
  };
}
