/** `gatehouse config check`: everything that is wrong with the settings and the files they name. */
import {
  configOf,
  type ConfigReading,
  describeProblem,
  type Problem,
  type ServerConfig,
} from '../../server/core/config/mod.ts';
import { passphraseOf } from '../../server/core/keys/passphrase.ts';
import { readTlsMaterial } from '../../server/core/tls/material.ts';
import { ServerError } from '../../server/core/errors.ts';
import { openLicence } from '../../server/core/licence/read-licence.ts';
import { openVendorKeys } from '../../server/core/licence/vendor-keys.ts';
import { loadClients } from '../../server/docval/mod.ts';
import { type CommandIo, EXIT, readArgs, UsageError } from '../command.ts';
import { readTrust } from '../pack-trust.ts';
import { CONFIG_HELP, CONFIG_OPTIONS, readInstalled } from './options.ts';

export const help = `Usage: gatehouse config check [options]

Reads the configuration file and the environment as the server would, and the files they name: clients of
DocVal, the licence, certificates, public keys, secrets. Says everything that is wrong, with the key and
the line or variable.

${CONFIG_HELP}
Exit code 0 when all is well, 1 when not.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, CONFIG_OPTIONS, 0);
  const reading = readInstalled(values);
  const { file, ignored } = reading;
  const problems = reading.problems.length > 0 ? reading.problems : await problemsOfFiles(reading);
  const ok = problems.length === 0;
  if (values.json) {
    io.stdout(JSON.stringify({ ok, file: file ?? null, problems, ignored }) + '\n');
  } else {
    for (const problem of problems) io.stdout(`${describeProblem(problem)}\n`);
    for (const name of ignored) io.stdout(`${name}: has no effect here\n`);
    if (ok) io.stdout(`valid: ${file ?? 'no configuration file'}\n`);
  }
  return ok ? EXIT.ok : EXIT.negative;
}

async function checkTls(config: ServerConfig): Promise<void> {
  const { tlsCert: cert, tlsKey: key, tlsClientCa: clientCa, keysPassphrase } = config;
  if (cert === undefined || key === undefined) return;
  const passphrase = passphraseOf(keysPassphrase, process.env.CREDENTIALS_DIRECTORY);
  await readTlsMaterial({ cert, key, clientCa }, { passphrase });
}

/** What is wrong with files that settings name. */
async function problemsOfFiles(reading: ConfigReading): Promise<Problem[]> {
  const config = configOf(reading);
  const checks = {
    docvalClients: ['docval.clients', () => loadClients(config.docvalClients)],
    packKeys: ['models.pack_keys', () => readTrust({}, config)],
    licenceKeys: ['licence.keys', () => openVendorKeys(config.licenceKeys)],
    // keys that cannot be read have been named by then
    licenceFile: [
      'licence.file',
      () => openVendorKeys(config.licenceKeys).then(() => openLicence(config), () => {}),
    ],
    tlsCert: ['tls.cert', () => checkTls(config)],
  } as const;
  const problems: Problem[] = [];
  for (const [name, [key, read]] of Object.entries(checks)) {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof ServerError) && !(error instanceof UsageError)) throw error;
      const reason = error.message.replace(`${key} `, '');
      problems.push({ key, from: reading.found.get(name)?.from, reason });
    }
  }
  return problems;
}
