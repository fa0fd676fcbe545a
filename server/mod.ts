/** The server: one port, the APIs and pages on it, a graceful end. */
import { assemble, type ServerDeps } from './assembly.ts';
import type { ServerConfig } from './core/config/mod.ts';
import { parseAddress } from './core/http/address.ts';
import { addSecurityHeaders } from './core/http/headers.ts';
import { openPort } from './core/http/port.ts';
import { type SocketData, socketHandlers, type UpgradeServer } from './core/http/sockets.ts';
import { LICENCE_HEADER, Licensing } from './core/licence/licensing.ts';
import { listenForMonitoring } from './core/monitoring/listener.ts';
import { withTrace } from './core/tracing/current.ts';

export { LiveMaterial } from './core/tls/live-material.ts';
export { type ConfigInput, loadConfig, type ServerConfig } from './core/config/mod.ts';
export { Licensing } from './core/licence/licensing.ts';
export { openLicence } from './core/licence/read-licence.ts';
export { Retention } from './core/audit/retention.ts';
export { openDataFolder } from './core/data/folder.ts';
export { InstallationKeys } from './keys.ts';
export { openStorage } from './storage.ts';
export type { KeyProtection } from './core/keys/key-files.ts';
export { openProtection } from './core/keys/protection.ts';
export { createLogger, type Logger } from './core/logging.ts';
export { openCaptureKeys } from './identy/mod.ts';
export { loadClients, openDocval } from './docval/mod.ts';
export type { Pages } from './app.ts';
export type { ServerDeps } from './assembly.ts';

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

/** Longest silence on a connection, in seconds; Bun's maximum, so that no deadline is cut short. */
const IDLE_TIMEOUT_S = 255;

/** Milliseconds that answers already rendered get to be written at the end. */
const FLUSH_TURNS = 1000;

/** Listens at once; until the face engine is ready, health and match endpoints answer 503. */
export function startServer(config: ServerConfig, deps: ServerDeps): RunningServer {
  const { log, tls, licensing = Licensing.evaluation() } = deps;
  licensing.checkAddress(config.host);
  const parts = assemble(config, { ...deps, licensing });
  const { gate, tracer } = parts;
  const address = parseAddress(config.metricsListen);
  const probes = address && listenForMonitoring(address, parts.monitoring, log);
  const server = openPort<SocketData>({
    log,
    tls: tls && {
      material: tls,
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
        const upgraded = parts.upgrade(request, marked);
        if (upgraded === 'upgraded') return undefined;
        if (upgraded === undefined) return parts.fetch(request, peer);
        if (header !== undefined) upgraded.headers.set(LICENCE_HEADER, header);
        addSecurityHeaders(upgraded.headers, tls !== undefined);
        return upgraded;
      }),
    websocket: socketHandlers,
    error: () => {
      const answer = Response.json({ code: 500, message: 'Server Error' }, { status: 500 });
      addSecurityHeaders(answer.headers, tls !== undefined);
      return answer;
    },
  });
  log.info('listening', { url: server.url });
  licensing.start();

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const drainMs = parts.drainMs();
    log.info('draining', { in_flight: gate.inside, limit_ms: drainMs });
    const drained = gate.close(drainMs);
    server.stop();
    const complete = await drained;
    // The last answers leave the use case a moment before they are on the wire.
    for (let i = 0; complete && server.pendingRequests > 0 && i < FLUSH_TURNS; i++) {
      await Bun.sleep(1);
    }
    await parts.closeSockets();
    await server.close();
    tls?.close();
    await probes?.stop();
    await parts.close();
    log.info('stopped', { complete });
  };
  return { url: server.url, stop: () => stopping ??= stop(), prepare: parts.prepare };
}

/** Puts the standing of the licence into the answers that open sockets. */
function markUpgrades(server: UpgradeServer, header: string): UpgradeServer {
  const headers = { [LICENCE_HEADER]: header };
  return { upgrade: (request, options) => server.upgrade(request, { ...options, headers }) };
}
