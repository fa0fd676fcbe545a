/** `gatehouse keys token create`: makes the key on the token. */
import { tryTokenKey } from '../../../server/core/keys/token-secret.ts';
import { Token } from '../../../server/core/pkcs11/token.ts';
import { type CommandIo, EXIT, FLAG, readArgs, TEXT, UsageError } from '../../command.ts';
import { auditOperator } from '../../records.ts';
import { installedConfig } from '../../settings.ts';
import { tokenSettings } from './settings.ts';

export const help = `Usage: gatehouse keys token create [--key LABEL] [--data DIR] [--json]

Makes an RSA key pair of 3072 bits on the token of the settings, which the private half cannot leave, and
tries whether it works. The token is not touched when there is a key of that label.

  --key LABEL  label of the key; default keys.pkcs11_key
  --data DIR   the data folder; default data.folder of the configuration
  --json       one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { key: TEXT, data: TEXT, json: FLAG }, 0);
  const configured = tokenSettings(values.data);
  const settings = { ...configured, key: values.key ?? configured.key };
  const { token: label, key } = settings;
  if (Token.use(settings, (token) => token.hasKey)) {
    throw new UsageError(`${label} has a key ${key} already`);
  }
  await auditOperator(installedConfig(values.data).dataFolder, {
    kind: 'keys-changed',
    change: 'token',
  });
  Token.use(settings, (token) => token.makeKey(), true);
  const { bits, algorithm } = tryTokenKey(settings);
  if (values.json) io.stdout(JSON.stringify({ token: label, key, bits, algorithm }) + '\n');
  else io.stdout(`made ${key} on ${label}: RSA ${bits}, ${algorithm}\n`);
  return EXIT.ok;
}
