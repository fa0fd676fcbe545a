/** Options that say whose signatures on model packs count. */
import { createPublicKey } from 'node:crypto';
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

/** @throws UsageError when a key file cannot be used */
export async function readTrust(
  values: { key?: string[]; 'require-signature'?: boolean },
): Promise<TrustOptions> {
  const trustedKeys = await Promise.all((values.key ?? []).map(async (path) => {
    const key = await Bun.file(path).text().then(createPublicKey).catch(() => {
      throw new UsageError(`--key ${path}: not a readable PEM public key`);
    });
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new UsageError(`--key ${path}: not an Ed25519 key`);
  }));
  return { trustedKeys, requireSignature: values['require-signature'] };
}
