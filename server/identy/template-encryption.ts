/**
 * "Hybrid encryption" of generated templates: AES-256-GCM under a key and an initialisation vector of
 * their own for each template, both wrapped with the integrator's RSA key. Matches the documented Java
 * code: `RSA/ECB/OAEPWithSHA1AndMGF1Padding` and `AES/GCM/NoPadding` with a tag of 128 bits behind the data.
 */
import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { ServerError } from '../core/errors.ts';
import { readRsaPublicKey } from '../core/keys/rsa-public-key.ts';

/** What takes the place of a template. All Base64. */
export interface EncryptedTemplate {
  /** Ciphertext and tag. */
  readonly data: string;
  /** The AES key, wrapped. */
  readonly key1: string;
  /** The initialisation vector, wrapped. */
  readonly key2: string;
}

const KEY_BYTES = 32;
/** NIST SP 800-38D 8.2: 96 bits are the case that GCM is made for. */
const IV_BYTES = 12;

/**
 * The key to encrypt templates with; undefined where encryption is off.
 * @throws ServerError CONFIG_INVALID when it is on without a usable key: templates must not leave in the clear
 */
export function templateKeyOf(
  { templateEncryption, templateEncryptionKey: text }: {
    readonly templateEncryption: boolean;
    readonly templateEncryptionKey?: string | undefined;
  },
): KeyObject | undefined {
  if (!templateEncryption) return undefined;
  const key = readRsaPublicKey(text ?? '');
  if (key !== undefined) return key;
  throw new ServerError('CONFIG_INVALID', 'identy.template_encryption_key: no RSA public key');
}

export function encryptTemplate(template: Uint8Array, publicKey: KeyObject): EncryptedTemplate {
  const key = randomBytes(KEY_BYTES), iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const data = Buffer.concat([cipher.update(template), cipher.final(), cipher.getAuthTag()]);
  const wrap = (secret: Uint8Array) =>
    publicEncrypt({
      key: publicKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha1',
    }, secret).toString('base64');
  const encrypted = { data: data.toString('base64'), key1: wrap(key), key2: wrap(iv) };
  key.fill(0);
  return encrypted;
}
