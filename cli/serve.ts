/** `gatehouse serve`. */
import '../server/core/native/libraries.ts';
import { join } from 'node:path';
import { FaceEngine } from '../server/core/face/engine.ts';
import { configOf, LiveConfig, readConfig } from '../server/core/config/mod.ts';
import {
  createLogger,
  loadClients,
  openCaptureKeys,
  openDocval,
  openSigningKey,
  startServer,
} from '../server/mod.ts';
import { homePages } from '../server/web/mod.ts';
import { type CommandIo, EXIT, readArgs, UsageError } from './command.ts';
import { choosePack } from './pack-choice.ts';
import { reportProgress } from './progress.ts';

export const help = `Usage: gatehouse serve [options]

Runs the server until it is told to stop (SIGTERM or Ctrl-C); requests in flight are finished first.
Without further settings it listens on this machine only, at http://127.0.0.1:8080/. SIGHUP makes it read
its configuration again, as does a change of the file.

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
  const { values, positionals } = readArgs(args, {
    config: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'string' },
    workers: { type: 'string' },
    pack: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (positionals.length > 0) throw new UsageError('serve takes options only');
  const { config: file, host, port, workers, pack } = values;
  const sources = { env: process.env, file, options: { host, port, workers, pack } };
  const reading = readConfig(sources);
  let config = configOf(reading);
  const log = createLogger(() => config.logLevel, io.stdout);
  const live = new LiveConfig({
    sources,
    reading,
    log,
    apply: async (next) => {
      const clients = await loadClients(next.docvalClients);
      config = next;
      docval.clients.replaceWith(clients);
      server.reconfigure(next);
    },
  });
  const docval = await openDocval(config.docvalClients, join(config.dataFolder, 'trust'), log);
  const keys = join(config.dataFolder, 'keys');
  const [signingKey, captureKeys] = await Promise.all([
    openSigningKey(keys),
    openCaptureKeys(keys),
  ]);
  const faces = new FaceEngine({ workers: config.workers, queueLimit: config.queueLimit, log });
  const server = startServer(config, {
    faces,
    log,
    pages: homePages,
    docval,
    signingKey,
    captureKeys,
  });
  log.info('config', { file: reading.file ?? null });
  for (const variable of reading.ignored) log.warn('variable-ignored', { variable });

  const { promise: told, resolve: stop } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  const reload = () => void live.reload();
  process.on('SIGHUP', reload);
  const polling = setInterval(() => void live.poll(), CONFIG_POLL_MS);
  const started = choosePack(undefined, reportProgress(io), config)
    .then(({ path, trust }) => faces.start(path, trust));
  try {
    await Promise.race([started, told]);
    if (faces.ready) io.stderr(`Gatehouse is ready at ${server.url}\n`);
    await told;
  } finally {
    clearInterval(polling);
    await server.stop();
    process.off('SIGHUP', reload);
  }
  return EXIT.ok;
}
