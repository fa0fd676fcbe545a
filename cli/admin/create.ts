/** `gatehouse admin create`: adds an administrator. */
import { type CommandIo, EXIT, readArgs, UsageError } from '../command.ts';
import { auditOperator } from '../records.ts';
import {
  CREDENTIAL_HELP,
  CREDENTIAL_OPTIONS,
  printCredentials,
  readCredentials,
  readName,
  withAdmins,
} from './admins.ts';

export const help = `Usage: gatehouse admin create NAME [--password-file FILE] [--data DIR] [--json]

Adds an administrator, who logs in with a password and the codes of an authenticator app (TOTP). Prints the
secret for the app, once.

${CREDENTIAL_HELP}`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, CREDENTIAL_OPTIONS, 1);
  const name = readName('create', positionals[0]);
  const credentials = readCredentials(name, values['password-file']);
  const secret = await withAdmins(values.data, async (admins, data) => {
    if (await admins.has(name)) throw new UsageError(`${name} is there already: see "admin reset"`);
    await auditOperator(data, { kind: 'admin-changed', admin: name, change: 'created' });
    return await admins.put(name, credentials.password, Date.now());
  });
  printCredentials(credentials, secret, values.json, io);
  return EXIT.ok;
}
