/** The token that the settings name, for a command. */
import { tokenOf } from '../../../server/core/keys/protection.ts';
import type { TokenSettings } from '../../../server/core/pkcs11/token.ts';
import { UsageError } from '../../command.ts';
import { installedConfig } from '../../settings.ts';

/** @throws UsageError, ServerError CONFIG_INVALID */
export function tokenSettings(data: string | undefined): TokenSettings {
  const token = tokenOf(installedConfig(data), process.env.CREDENTIALS_DIRECTORY);
  if (token !== undefined) return token;
  throw new UsageError('no token is set: keys.pkcs11_module, keys.pkcs11_token, keys.pkcs11_pin');
}
