/** The private key of a vendor, named on the command line, and signatures with it. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import { LICENCE_ALGORITHM } from '../../server/core/licence/format.ts';
import { vendorKeyId } from '../../server/core/licence/vendor-keys.ts';
import { UsageError } from '../command.ts';

/** @throws UsageError */
export async function readVendorKey(path: string | undefined): Promise<KeyObject> {
  if (path === undefined) throw new UsageError('--key names the private key of the vendor');
  const key = await Bun.file(path).text().then(createPrivateKey).catch(() => {
    throw new UsageError(`--key ${path}: not a readable PEM private key`);
  });
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new UsageError(`--key ${path}: not an Ed25519 key`);
}

/** Signs a JSON value; a JWS in compact serialisation. */
export async function signAsVendor(key: KeyObject, payload: object, typ: string): Promise<string> {
  const kid = await vendorKeyId(createPublicKey(key));
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: LICENCE_ALGORITHM, typ, kid }).sign(key);
}
