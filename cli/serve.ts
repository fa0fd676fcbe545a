/** `gatehouse serve`. */
import '../server/core/native/libraries.ts';
import { join } from 'node:path';
import { FaceEngine } from '../server/core/face/engine.ts';
import {
  createLogger,
  loadConfig,
  openCaptureKeys,
  openDocval,
  openSigningKey,
  startServer,
} from '../server/mod.ts';
import { homePages } from '../server/web/mod.ts';
import { type CommandIo, EXIT, readArgs, UsageError } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { choosePack } from './pack-choice.ts';
import { reportProgress } from './progress.ts';
import { trustFolder } from './trust-folder.ts';

export const help = `Usage: gatehouse serve [options]

Runs the server until it is told to stop (SIGTERM or Ctrl-C); requests in flight are finished first.
Without further settings it listens on this machine only, at http://127.0.0.1:8080/.

  --host ADDRESS  address to listen on; also GATEHOUSE_HOST
  --port NUMBER   port to listen on; also GATEHOUSE_PORT or TOMCAT_HTTP
  --workers N     inference workers, one core each; also GATEHOUSE_WORKERS
  --pack PATH     a model pack instead of the default one; also GATEHOUSE_PACK
  --json          say why the start failed as one JSON object

docs/operations.md lists every setting. One JSON line per request goes to the standard output.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    host: { type: 'string' },
    port: { type: 'string' },
    workers: { type: 'string' },
    pack: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (positionals.length > 0) throw new UsageError('serve takes options only');
  const { host, port, workers } = values;
  const config = loadConfig(process.env, { host, port, workers });
  const log = createLogger(config.logLevel, io.stdout);
  const { queueLimit } = config;
  const docval = await openDocval(config.docvalClients, trustFolder({}), log);
  const keys = join(dataFolder(undefined), 'keys');
  const [signingKey, captureKeys] = await Promise.all([
    openSigningKey(keys),
    openCaptureKeys(keys),
  ]);
  const faces = new FaceEngine({ workers: config.workers, queueLimit, log });
  const server = startServer(config, {
    faces,
    log,
    pages: homePages,
    docval,
    signingKey,
    captureKeys,
  });

  const { promise: told, resolve: stop } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  const started = choosePack(values.pack, reportProgress(io))
    .then(({ path, trust }) => faces.start(path, trust));
  try {
    await Promise.race([started, told]);
    if (faces.ready) io.stderr(`Gatehouse is ready at ${server.url}\n`);
    await told;
  } finally {
    await server.stop();
  }
  return EXIT.ok;
}
