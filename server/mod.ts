/** The server: one port, the APIs and pages on it, a graceful end. */
import { createApp, type Pages } from './app.ts';
import { TrustStore } from '../emrtd/mod.ts';
import { type AuditSink, NO_AUDIT } from './core/audit/audit.ts';
import { TrustedProxies } from './core/access/addresses.ts';
import type { AccessFile } from './core/access/access-file.ts';
import { AdminStore } from './core/access/admin-store.ts';
import { openAccessFault } from './core/access/exposure.ts';
import { Guard, type GuardRules, OPEN_ACCESS } from './core/access/guard.ts';
import { KeyStore } from './core/access/key-store.ts';
import { Sessions } from './core/access/sessions.ts';
import type { ServerConfig } from './core/config/mod.ts';
import { ServerError } from './core/errors.ts';
import type { FaceEngineInfo } from './core/face/engine.ts';
import type { FaceService } from './core/face/service.ts';
import { parseAddress } from './core/http/address.ts';
import { ByteBudget } from './core/http/body.ts';
import { Gate } from './core/http/gate.ts';
import { isLoopback } from './core/http/loopback.ts';
import { openPort } from './core/http/port.ts';
import type { LiveMaterial } from './core/tls/live-material.ts';
import type { SigningKey } from './core/keys/signing-key.ts';
import { type SocketData, socketHandlers, type UpgradeServer } from './core/http/sockets.ts';
import type { PoolStatus } from './core/inference/pool.ts';
import { type Admission, FREE, LICENCE_HEADER, Licensing } from './core/licence/licensing.ts';
import type { Logger } from './core/logging.ts';
import { Registry } from './core/metrics/registry.ts';
import { listenForMonitoring } from './core/monitoring/listener.ts';
import { withTrace } from './core/tracing/current.ts';
import { openViews, type ViewDeps } from './console/mod.ts';
import {
  clientFacts,
  Clients,
  DEFAULT_LIMITS,
  type DocvalDeps,
  type DocvalSettings,
  DocvalSockets,
  ResultPoster,
} from './docval/mod.ts';
import { DEMO_PATHS, type DocvalDemo, openDemo } from './docval-demo/mod.ts';
import { type CaptureKeys, Captures, templateKeyOf } from './identy/mod.ts';
import { openObservability } from './observability.ts';
import type { Pack } from '../models/mod.ts';

export { AccessFile, accessPath } from './core/access/access-file.ts';
export { LiveMaterial } from './core/tls/live-material.ts';
export { type ConfigInput, loadConfig, type ServerConfig } from './core/config/mod.ts';
export { Licensing } from './core/licence/licensing.ts';
export { openLicence } from './core/licence/read-licence.ts';
export { Records, recordsPath } from './core/records.ts';
export { SqliteStore } from './core/store/sqlite-store.ts';
export { InstallationKeys } from './keys.ts';
export type { KeyProtection } from './core/keys/key-files.ts';
export { passphraseOf } from './core/keys/passphrase.ts';
export { createLogger, type Logger } from './core/logging.ts';
export { openCaptureKeys } from './identy/mod.ts';
export { loadClients, openDocval } from './docval/mod.ts';
export type { Pages } from './app.ts';

export interface ServerDeps {
  readonly faces: FaceService & {
    close(): void;
    readonly info?: FaceEngineInfo | undefined;
    /** What the Face SDK is given its networks from; without it there are none. */
    readonly pack?: Pack | undefined;
    /** Of its workers; without it they count as none. */
    readonly status?: PoolStatus;
  };
  readonly log: Logger;
  /** Certificate and key; without it the port speaks HTTP. */
  readonly tls?: LiveMaterial;
  /** API keys and administrators; without it there are none. Closed by whoever opened it. */
  readonly access?: AccessFile;
  readonly pages?: Pages;
  /** Without it the DocVal endpoints know no client. */
  readonly docval?: DocvalSettings;
  /** Keys of the capture envelope; without them the endpoints that take captures are not there. */
  readonly captureKeys?: CaptureKeys;
  /** Signs verdicts for clients that ask; without it none is signed. */
  readonly signingKey?: SigningKey;
  /** The settings in force, for the console; without it the console shows none. */
  readonly settings?: ViewDeps['settings'];
  /** Where the server's metrics are declared; a new one unless given. */
  readonly registry?: Registry;
  /** Licence, ledger and audit trail; without it the server is on evaluation and keeps no records. */
  readonly licensing?: Licensing;
}

const NO_KEYS: Pick<KeyStore, 'any' | 'find'> = { any: false, find: () => undefined };
const NO_WORKERS: PoolStatus = { live: 0, busy: 0, queued: 0, writtenOff: 0, restarts: 0 };

/** Nobody is a client and nothing is trusted. */
const NO_DOCVAL: DocvalSettings = {
  clients: new Clients([]),
  trust: { current: async () => TrustStore.empty },
  poster: new ResultPoster(),
};

export interface RunningServer {
  /**
   * Gets ready to put in force what a running server can change; the rest of `config` is ignored.
   * @returns puts it in force
   * @throws ServerError CONFIG_INVALID
   */
  prepare(config: ServerConfig): () => void;
  /** Where it listens, with the port the system chose when 0 was asked for. */
  readonly url: string;
  /** Refuses new work, waits up to `drainMs` for what is in flight, closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** One page at a time is what the demonstration is for. */
const DEMO_LIMITS = { ...DEFAULT_LIMITS, maxConnections: 32, maxReadings: 8 };
const DEMO_SESSIONS = { [DEMO_PATHS.session]: 'v1' } as const;

/** Longest silence on a connection, in seconds; Bun's maximum, so that no deadline is cut short. */
const IDLE_TIMEOUT_S = 255;

/** Milliseconds that answers already rendered get to be written at the end. */
const FLUSH_TURNS = 1000;

const DAY_MS = 86_400_000;

/** Listens at once; until the face engine is ready, health and match endpoints answer 503. */
export function startServer(config: ServerConfig, deps: ServerDeps): RunningServer {
  const { log, faces, signingKey, licensing = Licensing.evaluation() } = deps;
  licensing.checkAddress(config.host);
  let current = config;
  const gate = new Gate();
  const templateKey = templateKeyOf(config);
  let rules = guardRules(config);
  const access = new Guard(() => rules, {
    keys: deps.access === undefined ? NO_KEYS : new KeyStore(deps.access),
    log,
  });
  const shared = {
    access,
    faces,
    licensing,
    audit: licensing.records.audit,
    gate,
    log,
    deadlineMs: () => current.deadlineMs,
    body: {
      get limitBytes() {
        return current.bodyLimitBytes;
      },
      get timeoutMs() {
        return current.bodyTimeoutMs;
      },
      budget: new ByteBudget(config.bodyBudgetBytes),
    },
  };
  const docvalSettings = deps.docval ?? NO_DOCVAL;
  const now = docvalSettings.now ?? (() => new Date());
  const registry = deps.registry ?? new Registry();
  const observability = openObservability(config, {
    registry,
    faces,
    gate,
    budget: shared.body.budget,
    trust: docvalSettings.trust,
    records: licensing,
    now,
  });
  const { tracer, facesOf, docval: observer, monitoring } = observability;
  const docval = { ...docvalDeps({ ...docvalSettings, now }, shared, signingKey), observer };
  const sockets = new DocvalSockets(docval);
  const { host, docvalDemo: mode } = config;
  const demo = openDemo({ host, mode, now: docval.now });
  const demoSockets = demo && new DocvalSockets(demoDeps(docval, demo), DEMO_SESSIONS);
  const views = openViews({
    registry,
    faces,
    pool: () => faces.status ?? NO_WORKERS,
    trust: docvalSettings.trust,
    licensing,
    clients: () => docvalSettings.clients.list.map(clientFacts),
    settings: deps.settings,
    now,
  });
  const app = createApp({
    licence: licensing,
    identy: {
      ...shared,
      pack: () => faces.pack,
      faces: facesOf('identy'),
      registry,
      ...(deps.captureKeys && { captures: new Captures(deps.captureKeys) }),
      ...(templateKey && { templateKey }),
    },
    engine: () => faces.info,
    playground: { ...shared, faces: facesOf('playground'), engine: () => faces.info },
    docval,
    signingKey,
    signingPublishMs: () => current.signingPublishDays * DAY_MS,
    console: deps.access && {
      admins: new AdminStore(deps.access),
      sessions: new Sessions(deps.access),
      proxies: () => rules.proxies,
      audit: shared.audit,
      log,
      body: shared.body,
      views: views.deps,
    },
    demo,
    corsOrigins: () => current.corsOrigins,
    https: deps.tls !== undefined,
    pages: deps.pages,
    monitoring: {
      ...monitoring,
      access,
      metricsFor: config.metricsListen === 'local' ? 'this machine' : 'nobody',
    },
    tracer,
  });
  const address = parseAddress(config.metricsListen);
  const probes = address && listenForMonitoring(address, monitoring, log);
  const server = openPort<SocketData>({
    log,
    tls: deps.tls && {
      material: deps.tls,
      minVersion: config.tlsMinVersion,
      clientCertificates: config.tlsClientCertificates,
      redirectPort: config.tlsRedirectPort,
    },
    hostname: config.host,
    port: config.port,
    idleTimeout: IDLE_TIMEOUT_S,
    // The limit is ours, so that the refusal is a typed answer.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch: (request, server, peer) =>
      withTrace(tracer.begin(request.headers), () => {
        const { header } = licensing;
        const marked = header === undefined ? server : markUpgrades(server, header);
        const upgraded = sockets.upgrade(request, marked) ??
          (demoSockets && demo.upgrade(request, marked, demoSockets));
        if (upgraded === 'upgraded') return undefined;
        if (upgraded === undefined) return app.fetch(request, { peer });
        if (header !== undefined) upgraded.headers.set(LICENCE_HEADER, header);
        return upgraded;
      }),
    websocket: socketHandlers,
    error: () => new Response('{"code":500,"message":"Server Error"}', { status: 500 }),
  });
  log.info('listening', { url: server.url });
  licensing.start();

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const { drainMs } = current;
    log.info('draining', { in_flight: gate.inside, limit_ms: drainMs });
    const drained = gate.close(drainMs);
    server.stop();
    const complete = await drained;
    // The last answers leave the use case a moment before they are on the wire.
    for (let i = 0; complete && server.pendingRequests > 0 && i < FLUSH_TURNS; i++) {
      await Bun.sleep(1);
    }
    demo?.close();
    await Promise.all([sockets.close(), demoSockets?.close()]);
    await server.close();
    deps.tls?.close();
    views.close();
    faces.close();
    await observability.close();
    await probes?.stop();
    licensing.stop();
    deps.docval?.converter?.close();
    log.info('stopped', { complete });
  };
  const prepare = (config: ServerConfig): () => void => {
    // the address stays what it was, whatever the file says of it now
    const fault = openAccessFault(config);
    if (fault !== undefined) throw new ServerError('CONFIG_INVALID', `access.api_keys: ${fault}`);
    return () => {
      current = config;
      rules = guardRules(config);
      shared.body.budget.resize(config.bodyBudgetBytes);
    };
  };
  return { url: server.url, stop: () => stopping ??= stop(), prepare };
}

/** Puts the standing of the licence into the answers that open sockets. */
function markUpgrades(server: UpgradeServer, header: string): UpgradeServer {
  const headers = { [LICENCE_HEADER]: header };
  return { upgrade: (request, options) => server.upgrade(request, { ...options, headers }) };
}

function guardRules({ apiKeys, host, openScopes, trustedProxies }: ServerConfig): GuardRules {
  return {
    mode: apiKeys,
    loopback: isLoopback(host),
    open: openScopes,
    proxies: new TrustedProxies(trustedProxies),
  };
}

function docvalDeps(
  { limits, ...settings }: DocvalSettings & Pick<DocvalDeps, 'now'>,
  shared: Pick<DocvalDeps, 'access' | 'gate' | 'log' | 'body'> & {
    readonly licensing: Admission;
    readonly audit: AuditSink;
  },
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
