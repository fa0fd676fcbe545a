/**
 * Signs the manifest of a pack, and through its file hashes the whole pack, with Ed25519 (RFC 8032).
 * The signature lies beside the manifest as signature.json.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { PackError } from './errors.ts';
import { sha256Hex } from './hash.ts';

export const SIGNATURE_FILE = 'signature.json';

const SignatureSchema = z.strictObject({
  algorithm: z.literal('Ed25519'),
  /** SHA-256 of the public key's SubjectPublicKeyInfo, DER. */
  keyId: z.string().regex(/^[0-9a-f]{64}$/),
  /** Over the bytes of manifest.json. */
  signature: z.base64(),
});

export interface TrustOptions {
  /** Public keys whose signatures are accepted, PEM or DER SubjectPublicKeyInfo read by node:crypto. */
  readonly trustedKeys?: readonly KeyObject[];
  /** Refuse packs that carry no signature. */
  readonly requireSignature?: boolean;
}

/** SHA-256 of the key's SubjectPublicKeyInfo: how a signature names its signer. */
export function signingKeyId(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return sha256Hex(publicKey.export({ type: 'spki', format: 'der' }));
}

/**
 * The bytes of signature.json for a manifest.
 * @throws PackError PACK_SIGNATURE_INVALID when the key is no Ed25519 private key
 */
export function signManifest(manifestBytes: Uint8Array, privateKey: KeyObject): Uint8Array {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new PackError('PACK_SIGNATURE_INVALID', 'packs are signed with an Ed25519 private key');
  }
  const signature = {
    algorithm: 'Ed25519',
    keyId: signingKeyId(privateKey),
    signature: sign(null, manifestBytes, privateKey).toString('base64'),
  };
  return new TextEncoder().encode(`${JSON.stringify(signature, null, 2)}\n`);
}

/**
 * Checks signature.json against the manifest. Returns whether a trusted key signed; without trusted
 * keys nothing can be said and an unknown signer is refused only when signatures are required.
 * @throws PackError PACK_SIGNATURE_INVALID, PACK_SIGNER_UNKNOWN
 */
export function verifySignature(
  manifestBytes: Uint8Array,
  signatureBytes: Uint8Array,
  options: TrustOptions,
): boolean {
  const { algorithm, keyId, signature } = parseSignature(signatureBytes);
  const trusted = options.trustedKeys ?? [];
  const key = trusted.find((candidate) =>
    candidate.asymmetricKeyType === 'ed25519' && signingKeyId(candidate) === keyId
  );
  if (key === undefined) {
    if (trusted.length === 0 && !options.requireSignature) return false;
    throw new PackError('PACK_SIGNER_UNKNOWN', `no trusted ${algorithm} key has the id ${keyId}`);
  }
  if (!verify(null, manifestBytes, key, Buffer.from(signature, 'base64'))) {
    throw new PackError('PACK_SIGNATURE_INVALID', `the signature by ${keyId} does not hold`);
  }
  return true;
}

function parseSignature(bytes: Uint8Array): z.infer<typeof SignatureSchema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PackError('PACK_SIGNATURE_INVALID', 'signature.json is not JSON', { cause });
  }
  const parsed = SignatureSchema.safeParse(value);
  if (!parsed.success) {
    throw new PackError(
      'PACK_SIGNATURE_INVALID',
      `signature.json: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}
