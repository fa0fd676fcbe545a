/** `gatehouse serve`. */
import { DAY_MS } from '../server/core/day.ts';
import '../server/core/native/libraries.ts';
import { join } from 'node:path';
import { FaceEngine } from '../server/core/face/engine.ts';
import { forgetFreedTexts, overwriteFreedBlocks } from '../server/core/native/heap.ts';
import { isOpenToOthers } from '../server/core/data/open-to-others.ts';
import { openInference } from '../server/core/inference/open-inference.ts';
import { configOf, LiveConfig, readConfig } from '../server/core/config/mod.ts';
import {
  createLogger,
  InstallationKeys,
  type KeyProtection,
  Licensing,
  LiveMaterial,
  loadClients,
  type Logger,
  openDataFolder,
  openDocval,
  openLicence,
  openProtection,
  openStorage,
  Retention,
  type RunningServer,
  type ServerConfig,
  startServer,
} from '../server/mod.ts';
import { homePages } from '../server/web/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT } from './command.ts';
import { choosePack } from './pack-choice.ts';
import { backendProbe } from './probe-backend.ts';
import { reportProgress } from './progress.ts';
import { recordKeys, recordPack, recordSettings, recordStart } from './serve-trail.ts';

export const help = `Usage: gatehouse serve [options]

Runs the server until it is told to stop (SIGTERM or Ctrl-C); requests in flight are finished first.
Without further settings it listens on this machine only, at http://127.0.0.1:8080/; on other addresses
only with a licence (docs/licence.md). SIGHUP makes it read its configuration again, as does a change of
the file.

  --config FILE   the configuration file; also GATEHOUSE_CONFIG
  --host ADDRESS  address to listen on; also GATEHOUSE_HOST
  --port NUMBER   port to listen on; also GATEHOUSE_PORT or TOMCAT_HTTP
  --workers N     inference workers, one core each; also GATEHOUSE_WORKERS
  --pack PATH     a model pack instead of the default one; also GATEHOUSE_PACK
  --json          say why the start failed as one JSON object

"gatehouse config explain" lists every setting. One JSON line per request goes to the standard output.
`;

/** How often the configuration is looked at; a change is taken when two looks in a row see the same. */
const CONFIG_POLL_MS = 2000;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, {
    config: TEXT,
    host: TEXT,
    port: TEXT,
    workers: TEXT,
    pack: TEXT,
    json: FLAG,
  }, 0);
  overwriteFreedBlocks();
  const { config: file, host, port, workers, pack } = values;
  const sources = { env: process.env, file, options: { host, port, workers, pack } };
  const reading = readConfig(sources);
  let config = configOf(reading);
  const log = createLogger(() => config.logLevel, io.stdout);
  // there is nothing to change before the server is there
  let apply = async (_: ServerConfig): Promise<void> => {};
  const live = new LiveConfig({ sources, reading, log, apply: (next) => apply(next) });
  const migrated = await openDataFolder(config.dataFolder);
  if (migrated !== undefined) log.info('data-migrated', { ...migrated });
  const folder = join(config.dataFolder, 'keys');
  const { CREDENTIALS_DIRECTORY: credentials } = process.env;
  const protection = await openProtection(config, folder, credentials, 'make');
  const keys = await InstallationKeys.open({
    folder,
    protection,
    log,
    captureKeepMs: () => config.captureKeepDays * DAY_MS,
  });
  const tls = await openTls(config, log, protection);
  const storage = await openStorage(config, { log, keys });
  const { records, access, nonces, challengeKey } = storage;
  const { audit, store, nowMs } = records;
  const keepDays = () => config.auditKeepDays;
  const retention = new Retention({ store, audit, key: keys.signing, nowMs, keepDays, log });
  try {
    const licensing = await Licensing.open(records, await openLicence(config), log);
    licensing.checkAddress(config.host);
    if (migrated !== undefined) await audit.record({ kind: 'data-migrated', ...migrated });
    await recordStart(audit, config, keys);
    keys.follow(() => recordKeys(audit, keys));
    const trust = join(config.dataFolder, 'trust');
    const docval = await openDocval(config.docvalClients, trust, log, audit);
    const { workers, queueLimit } = config;
    const inference = openInference(config, log, backendProbe());
    const faces = new FaceEngine({ workers, queueLimit, log, inference });
    const server = startServer(config, {
      faces,
      log,
      access,
      nonces,
      ...(challengeKey && { challengeKey }),
      ...(tls && { tls }),
      pages: homePages,
      docval,
      signingKey: keys.signing,
      captureKeys: keys.capture,
      licensing,
      settings: () => live.shown,
    });
    if (isOpenToOthers(config.dataFolder)) log.warn('data-folder-open');
    log.info('config', { file: reading.file ?? null });
    for (const variable of reading.ignored) log.warn('variable-ignored', { variable });
    apply = async (next) => {
      const putSettings = server.prepare(next);
      const clients = await loadClients(next.docvalClients);
      const putLicence = await licensing.prepare(await openLicence(next), next.host);
      await recordSettings(audit, next);
      config = next;
      docval.clients.replaceWith(clients);
      putLicence();
      putSettings();
    };
    await untilTold(server, live, async () => {
      const pack = await choosePack(undefined, reportProgress(io), config);
      await faces.start(pack.path, pack.trust);
      await recordPack(audit, faces);
      // keys and passphrase were texts while they were read
      await forgetFreedTexts();
      if (faces.ready) io.stderr(`Gatehouse is ready at ${server.url}\n`);
    });
    // what cannot be stored is in the log, and the end is as good
    await audit.record({ kind: 'server-stopped' }).catch(() => {});
  } finally {
    retention.stop();
    keys.close();
    await storage.close();
  }
  return EXIT.ok;
}

/** Runs the server until the process is told to stop or the start fails. */
async function untilTold(
  server: RunningServer,
  live: LiveConfig,
  start: () => Promise<void>,
): Promise<void> {
  const { promise: told, resolve: stop } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  const reload = () => void live.reload();
  process.on('SIGHUP', reload);
  const polling = setInterval(() => void live.poll(), CONFIG_POLL_MS);
  try {
    await Promise.race([start(), told]);
    await told;
  } finally {
    clearInterval(polling);
    await server.stop();
    process.off('SIGHUP', reload);
  }
}

async function openTls(
  { tlsCert, tlsKey, tlsClientCa }: ServerConfig,
  log: Logger,
  protection: KeyProtection,
) {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const files = { cert: tlsCert, key: tlsKey, clientCa: tlsClientCa };
  return await LiveMaterial.open(files, log, protection);
}
