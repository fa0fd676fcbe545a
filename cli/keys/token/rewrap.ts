/** `gatehouse keys token rewrap`: has the private keys depend on another key of the token. */
import { join } from 'node:path';
import { rewrapTokenSecret } from '../../../server/core/keys/token-secret.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../../command.ts';
import { auditOperator } from '../../records.ts';
import { installedConfig } from '../../settings.ts';
import { tokenSettings } from './settings.ts';

export const help = `Usage: gatehouse keys token rewrap --to LABEL [--data DIR] [--json]

Has what the private keys are encrypted under depend on another key of the same token: make it first
("keys token create --key LABEL"), set keys.pkcs11_key to it afterwards. A running server goes on. When it has
started anew, the old key can be removed from the token.

  --to LABEL  label of the other key
  --data DIR  the data folder; default data.folder of the configuration
  --json      one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { to: TEXT, data: TEXT, json: FLAG }, 0);
  if (values.to === undefined) throw new UsageError('keys token rewrap needs --to LABEL');
  const settings = tokenSettings(values.data);
  const { dataFolder } = installedConfig(values.data);
  await auditOperator(dataFolder, { kind: 'keys-changed', change: 'token' });
  await rewrapTokenSecret(join(dataFolder, 'keys'), settings, values.to);
  if (values.json) io.stdout(JSON.stringify({ from: settings.key, to: values.to }) + '\n');
  else io.stdout(`from ${settings.key} to ${values.to}: now set keys.pkcs11_key to it\n`);
  return EXIT.ok;
}
