/** The key that a pack is signed with, named on the command line. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { UsageError } from '../command.ts';

/**
 * Only its kind is checked; a key protected by a passphrase is not read.
 * @throws UsageError
 */
export async function readSigningKey(path: string): Promise<KeyObject> {
  const key = await Bun.file(path).text().then(createPrivateKey).catch(() => {
    throw new UsageError(`--sign ${path}: not a readable PEM private key`);
  });
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new UsageError(`--sign ${path}: not an Ed25519 key`);
}
