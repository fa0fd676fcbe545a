/** Options that say whose signatures on model packs count. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { TrustOptions } from '../models/mod.ts';
import type { ServerConfig } from '../server/core/config/mod.ts';
import { FLAG, TEXTS, UsageError } from './command.ts';
import { installedConfig } from './settings.ts';

export const TRUST_OPTIONS = {
  'key': TEXTS,
  'require-signature': FLAG,
} as const;

export const TRUST_HELP =
  `  --key FILE           an Ed25519 public key (PEM) whose signature is trusted; may be repeated
  --require-signature  refuse a pack without a trusted signature
  --json               one JSON object instead of text
`;

/**
 * Whose signatures count: the keys of the options and those of the settings, which also make a signature
 * required.
 * @throws ServerError CONFIG_INVALID; UsageError when a key file cannot be used
 */
export async function readTrust(
  values: { key?: string[]; 'require-signature'?: boolean },
  { packKeys }: Pick<ServerConfig, 'packKeys'> = installedConfig(),
): Promise<TrustOptions> {
  const trustedKeys = await Promise.all([
    ...(values.key ?? []).map((path) => readPublicKey('--key', path)),
    ...packKeys.map((path) => readPublicKey('models.pack_keys', path)),
  ]);
  return { trustedKeys, requireSignature: values['require-signature'] || packKeys.length > 0 };
}

/**
 * An Ed25519 public key in PEM.
 * @param setBy the option or variable that names the file
 * @throws UsageError
 */
export async function readPublicKey(setBy: string, path: string): Promise<KeyObject> {
  const key = await Bun.file(path).text().then(createPublicKey).catch(() => {
    throw new UsageError(`${setBy} ${path}: not a readable PEM public key`);
  });
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new UsageError(`${setBy} ${path}: not an Ed25519 key`);
}
