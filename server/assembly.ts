/** The parts of one running server, put together: everything but its ports. */
import { createApp, type Pages } from './app.ts';
import { TrustedProxies } from './core/access/addresses.ts';
import type { AccessDatabase } from './core/access/access-database.ts';
import { AdminStore } from './core/access/admin-store.ts';
import { openAccessFault } from './core/access/exposure.ts';
import { Guard, type GuardRules } from './core/access/guard.ts';
import { KeyStore } from './core/access/key-store.ts';
import { PasskeyStore } from './core/access/passkey-store.ts';
import { Sessions } from './core/access/sessions.ts';
import type { ServerConfig } from './core/config/mod.ts';
import { DAY_MS } from './core/day.ts';
import { ServerError } from './core/errors.ts';
import type { FaceEngineInfo } from './core/face/engine.ts';
import type { FaceService } from './core/face/service.ts';
import { ByteBudget } from './core/http/body.ts';
import { Gate } from './core/http/gate.ts';
import { forgetFreedTexts } from './core/native/heap.ts';
import { Tidying } from './core/native/tidying.ts';
import { isLoopback } from './core/http/loopback.ts';
import type { Peer } from './core/http/peer.ts';
import type { Upgrade, UpgradeServer } from './core/http/sockets.ts';
import type { SigningKey } from './core/keys/signing-key.ts';
import type { PoolStatus } from './core/inference/pool.ts';
import type { Licensing } from './core/licence/licensing.ts';
import type { Logger } from './core/logging.ts';
import { Registry } from './core/metrics/registry.ts';
import type { MonitoringDeps } from './core/monitoring/routes.ts';
import type { ReplayGuard } from './core/replay/replay-guard.ts';
import type { LiveMaterial } from './core/tls/live-material.ts';
import type { Tracer } from './core/tracing/tracer.ts';
import { Challenges } from './core/webauthn/challenges.ts';
import { localRelyingParty, relyingPartyOf } from './core/webauthn/relying-party.ts';
import { openViews, type ViewDeps } from './console/mod.ts';
import { clientFacts, type DocvalSettings } from './docval/mod.ts';
import { NO_DOCVAL, openDocvalFamily } from './docval-family.ts';
import { type CaptureKeys, Captures, templateKeyOf } from './identy/mod.ts';
import { openObservability } from './observability.ts';
import type { Pack } from '../models/mod.ts';

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
  readonly access?: AccessDatabase;
  readonly pages?: Pages;
  /** Without it the DocVal endpoints know no client. */
  readonly docval?: DocvalSettings;
  /** Keys of the capture envelope; without them the endpoints that take captures are not there. */
  readonly captureKeys?: CaptureKeys;
  /** Of what is used once, for all nodes; without it this is the only one. */
  readonly nonces?: ReplayGuard;
  /** Seals what passkeys answer, on all nodes. */
  readonly challengeKey?: Uint8Array;
  /** Signs verdicts for clients that ask; without it none is signed. */
  readonly signingKey?: SigningKey;
  /** The settings in force, for the console; without it the console shows none. */
  readonly settings?: ViewDeps['settings'];
  /** Where the server's metrics are declared; a new one unless given. */
  readonly registry?: Registry;
  /** Licence, ledger and audit trail; without it the server is on evaluation and keeps no records. */
  readonly licensing?: Licensing;
}

export interface Assembly {
  readonly gate: Gate;
  readonly tracer: Tracer;
  readonly monitoring: Pick<MonitoringDeps, 'registry' | 'readiness'>;
  /** How long the end may take, milliseconds. */
  readonly drainMs: () => number;
  /** @param peer who is at the other end */
  fetch(request: Request, peer: Peer): Response | Promise<Response>;
  /** Undefined for a request that asks for no socket of ours. */
  upgrade(request: Request, server: UpgradeServer): Upgrade;
  /** As of a running server. */
  prepare(config: ServerConfig): () => void;
  /** Ends the sessions that are open. */
  closeSockets(): Promise<void>;
  /** Ends the rest, when nobody can ask any more. */
  close(): Promise<void>;
}

const NO_KEYS: Pick<KeyStore, 'any' | 'find' | 'list'> = {
  any: async () => false,
  find: async () => undefined,
  list: async () => [],
};
const NO_WORKERS: PoolStatus = { live: 0, busy: 0, queued: 0, writtenOff: 0, restarts: 0 };

/** Of the process, whose memory is one, however many servers it has. */
const tidying = new Tidying(forgetFreedTexts);

export function assemble(
  config: ServerConfig,
  deps: ServerDeps & { readonly licensing: Licensing },
): Assembly {
  const { log, faces, signingKey, licensing } = deps;
  let current = config;
  const gate = new Gate(() => tidying.worked());
  const templateKey = templateKeyOf(config);
  let rules = guardRules(config);
  const keys = deps.access === undefined ? NO_KEYS : new KeyStore(deps.access);
  const access = new Guard(() => rules, { keys, log });
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
    licensing,
    now,
  });
  const { tracer, facesOf, docval: observer, monitoring } = observability;
  const docval = openDocvalFamily(
    config,
    { ...docvalSettings, now },
    shared,
    signingKey,
    observer,
  );
  const views = openViews({
    registry,
    faces,
    pool: () => faces.status ?? NO_WORKERS,
    trust: docvalSettings.trust,
    licensing,
    clients: () => docvalSettings.clients.list.map(clientFacts),
    keys,
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
      ...(deps.captureKeys && { captures: new Captures(deps.captureKeys, deps.nonces) }),
      ...(templateKey && { templateKey }),
    },
    engine: () => faces.info,
    playground: { ...shared, faces: facesOf('playground'), engine: () => faces.info },
    docval: docval.deps,
    signingKey,
    signingPublishMs: () => current.signingPublishDays * DAY_MS,
    console: deps.access && {
      admins: new AdminStore(deps.access),
      sessions: new Sessions(deps.access),
      passkeys: new PasskeyStore(deps.access),
      challenges: new Challenges(deps.challengeKey, deps.nonces),
      relyingParty: () => {
        const { passkeyOrigin } = current;
        return passkeyOrigin === undefined
          ? localRelyingParty({ ...config, https: deps.tls !== undefined })
          : relyingPartyOf(passkeyOrigin);
      },
      proxies: () => rules.proxies,
      audit: shared.audit,
      log,
      body: shared.body,
      views: views.deps,
    },
    demo: docval.demo,
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
  return {
    gate,
    tracer,
    monitoring,
    drainMs: () => current.drainMs,
    fetch: (request, peer) => app.fetch(request, { peer }),
    upgrade: docval.upgrade,
    prepare: (next) => {
      // the address stays what it was, whatever the file says of it now
      const fault = openAccessFault(next);
      if (fault !== undefined) throw new ServerError('CONFIG_INVALID', `access.api_keys: ${fault}`);
      return () => {
        current = next;
        rules = guardRules(next);
        shared.body.budget.resize(next.bodyBudgetBytes);
      };
    },
    closeSockets: docval.close,
    close: async () => {
      views.close();
      faces.close();
      await observability.close();
      licensing.stop();
      deps.docval?.converter?.close();
    },
  };
}

function guardRules({ apiKeys, host, openScopes, trustedProxies }: ServerConfig): GuardRules {
  return {
    mode: apiKeys,
    loopback: isLoopback(host),
    open: openScopes,
    proxies: new TrustedProxies(trustedProxies),
  };
}
