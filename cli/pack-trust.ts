/** Options that say whose signatures on model packs count. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { TrustOptions } from '../models/mod.ts';
import { UsageError } from './command.ts';

export const TRUST_OPTIONS = {
  'key': { type: 'string', multiple: true },
  'require-signature': { type: 'boolean', default: false },
} as const;

export const TRUST_HELP =
  `  --key FILE           an Ed25519 public key (PEM) whose signature is trusted; may be repeated
  --require-signature  refuse a pack without a trusted signature
  --json               one JSON object instead of text
`;

/** Key files separated by commas; every pack this installation uses must be signed with one of them. */
const VARIABLE = 'GATEHOUSE_PACK_KEY';

/**
 * Whose signatures count: the keys of the options and those of GATEHOUSE_PACK_KEY, which also makes a
 * signature required.
 * @throws UsageError when a key file cannot be used
 */
export async function readTrust(
  values: { key?: string[]; 'require-signature'?: boolean },
): Promise<TrustOptions> {
  const required = (process.env[VARIABLE] ?? '').split(',').map((path) => path.trim())
    .filter((path) => path !== '');
  const trustedKeys = await Promise.all([
    ...(values.key ?? []).map((path) => readPublicKey('--key', path)),
    ...required.map((path) => readPublicKey(VARIABLE, path)),
  ]);
  return { trustedKeys, requireSignature: values['require-signature'] || required.length > 0 };
}

async function readPublicKey(setBy: string, path: string): Promise<KeyObject> {
  const key = await Bun.file(path).text().then(createPublicKey).catch(() => {
    throw new UsageError(`${setBy} ${path}: not a readable PEM public key`);
  });
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new UsageError(`${setBy} ${path}: not an Ed25519 key`);
}
