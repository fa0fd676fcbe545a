/** `gatehouse admin reset`: gives an administrator a new password and a new secret for the app. */
import { type CommandIo, EXIT, readArgs } from '../command.ts';
import { auditOperator } from '../records.ts';
import {
  CREDENTIAL_HELP,
  CREDENTIAL_OPTIONS,
  printCredentials,
  readCredentials,
  readName,
  withAdmins,
} from './admins.ts';

export const help = `Usage: gatehouse admin reset NAME [--password-file FILE] [--data DIR] [--json]

Replaces password and authenticator secret of an administrator, whose sessions end and whose passkeys are
removed. Exit code 1 when there is none of that name.

${CREDENTIAL_HELP}`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, CREDENTIAL_OPTIONS, 1);
  const name = readName('reset', positionals[0]);
  const credentials = readCredentials(name, values['password-file']);
  const secret = await withAdmins(values.data, async (admins, data) => {
    if (!await admins.has(name)) return undefined;
    await auditOperator(data, { kind: 'admin-changed', admin: name, change: 'reset' });
    return await admins.put(name, credentials.password, Date.now());
  });
  if (secret === undefined) {
    io.stderr(`there is no administrator ${name}\n`);
    return EXIT.negative;
  }
  printCredentials(credentials, secret, values.json, io);
  return EXIT.ok;
}
