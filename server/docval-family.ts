/** DocVal of one running server: its sessions, and those of the demonstration beside them. */
import { TrustStore } from '../emrtd/mod.ts';
import { type AuditSink, NO_AUDIT } from './core/audit/audit.ts';
import { OPEN_ACCESS } from './core/access/guard.ts';
import type { ServerConfig } from './core/config/mod.ts';
import type { Upgrade, UpgradeServer } from './core/http/sockets.ts';
import type { SigningKey } from './core/keys/signing-key.ts';
import { type Admission, FREE } from './core/licence/licensing.ts';
import {
  Clients,
  DEFAULT_LIMITS,
  type DocvalDeps,
  type DocvalObserver,
  type DocvalSettings,
  DocvalSockets,
  ResultPoster,
} from './docval/mod.ts';
import { DEMO_PATHS, type DocvalDemo, openDemo } from './docval-demo/mod.ts';

/** Nobody is a client and nothing is trusted. */
export const NO_DOCVAL: DocvalSettings = {
  clients: new Clients([]),
  trust: { current: async () => TrustStore.empty },
  poster: new ResultPoster(),
};

/** One page at a time is what the demonstration is for. */
const DEMO_LIMITS = { ...DEFAULT_LIMITS, maxConnections: 32, maxReadings: 8 };
const DEMO_SESSIONS = { [DEMO_PATHS.session]: 'v1' } as const;

/** What it has in common with the other families. */
type Shared = Pick<DocvalDeps, 'access' | 'gate' | 'log' | 'body'> & {
  readonly licensing: Admission;
  readonly audit: AuditSink;
};

export interface DocvalFamily {
  readonly deps: DocvalDeps;
  /** Undefined where the demonstration is off. */
  readonly demo: DocvalDemo | undefined;
  /** Undefined for a request that asks for none of its sockets. */
  upgrade(request: Request, server: UpgradeServer): Upgrade;
  /** Ends the sessions that are open. */
  close(): Promise<void>;
}

export function openDocvalFamily(
  { host, docvalDemo: mode }: Pick<ServerConfig, 'host' | 'docvalDemo'>,
  settings: DocvalSettings & Pick<DocvalDeps, 'now'>,
  shared: Shared,
  signingKey: SigningKey | undefined,
  observer: DocvalObserver,
): DocvalFamily {
  const deps = { ...docvalDeps(settings, shared, signingKey), observer };
  const sockets = new DocvalSockets(deps);
  const demo = openDemo({ host, mode, now: deps.now });
  const demoSockets = demo && new DocvalSockets(demoDeps(deps, demo), DEMO_SESSIONS);
  return {
    deps,
    demo,
    upgrade: (request, server) =>
      sockets.upgrade(request, server) ??
        (demoSockets && demo.upgrade(request, server, demoSockets)),
    close: async () => {
      demo?.close();
      await Promise.all([sockets.close(), demoSockets?.close()]);
    },
  };
}

function docvalDeps(
  { limits, ...settings }: DocvalSettings & Pick<DocvalDeps, 'now'>,
  shared: Shared,
  signingKey: SigningKey | undefined,
): DocvalDeps {
  const { access, gate, log, body, licensing, audit } = shared;
  return {
    ...settings,
    access,
    licensing,
    audit,
    gate,
    log,
    body,
    ...(signingKey && { signingKey }),
    limits: { ...DEFAULT_LIMITS, ...limits },
  };
}

/** Sessions of the demonstration: its one client, its trust store, no result server; they are not counted. */
function demoDeps({ gate, log, body, now }: DocvalDeps, demo: DocvalDemo): DocvalDeps {
  const client = { name: 'demonstration', client_id: demo.clientId, return_result: true };
  return {
    clients: new Clients([{
      ...client,
      documents: {},
      portrait_as_jpeg: true,
      include_files: false,
    }]),
    trust: demo.trust,
    signingKey: demo.signer,
    poster: new ResultPoster(),
    access: OPEN_ACCESS,
    licensing: FREE,
    audit: NO_AUDIT,
    limits: DEMO_LIMITS,
    gate,
    log,
    body,
    now,
  };
}
