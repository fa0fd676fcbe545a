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
`;

/** @throws UsageError when a key file cannot be used */
export async function readTrust(
  values: { key?: string[]; 'require-signature'?: boolean },
): Promise<TrustOptions> {
  const trustedKeys = await Promise.all((values.key ?? []).map(async (path) => {
    try {
      return createPublicKey(await Bun.file(path).text());
    } catch {
      throw new UsageError(`--key ${path}: not a readable PEM public key`);
    }
  }));
  return { trustedKeys, requireSignature: values['require-signature'] };
}
