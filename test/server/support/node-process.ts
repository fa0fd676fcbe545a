/**
 * Child process: one node of several, with a fake face service, a data folder and the database that it shares.
 * Prints its address, or why it could not start.
 */
import { join } from 'node:path';
import { Licensing } from '../../../server/core/licence/licensing.ts';
import { createLogger, InstallationKeys, loadConfig, openStorage } from '../../../server/mod.ts';
import { startFake } from './running.ts';

const [dataFolder, databaseUrl, port] = process.argv.slice(2);
const settings = { dataFolder, databaseUrl, port: Number(port), logLevel: 'error' };
const config = loadConfig({}, settings);
const log = createLogger(config.logLevel, (line) => void process.stderr.write(line));
const keys = await InstallationKeys.open({
  folder: join(dataFolder, 'keys'),
  protection: {},
  log,
  captureKeepMs: () => Infinity,
});
try {
  const { records, access, nonces, challengeKey } = await openStorage(config, { log, keys });
  const { server } = startFake(settings, undefined, {
    licensing: await Licensing.open(records, undefined),
    captureKeys: keys.capture,
    signingKey: keys.signing,
    access,
    ...(nonces && { nonces }),
    ...(challengeKey && { challengeKey }),
  });
  console.log(server.url);
} catch (error) {
  console.log((error as Error).message);
  process.exit(1);
}
