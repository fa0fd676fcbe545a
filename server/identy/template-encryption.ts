/**
 * "Hybrid encryption" of generated templates: AES-256-GCM under a key and an initialisation vector of
 * their own for each template, both wrapped with the integrator's RSA key. Matches the documented Java
 * code: `RSA/ECB/OAEPWithSHA1AndMGF1Padding` and `AES/GCM/NoPadding` with a tag of 128 bits behind the data.
 */
import {
  constants,
  createCipheriv,
  createPublicKey,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { ServerError } from '../core/errors.ts';

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
const LEAST_MODULUS_BITS = 2048;

/**
 * Reads TEMPLATE_ENCRYPTION_KEY: an RSA public key of at least 2048 bits, PEM or the Base64 of its
 * SubjectPublicKeyInfo.
 * @throws ServerError CONFIG_INVALID; the message does not repeat the value
 */
export function readTemplateKey(text: string): KeyObject {
  let key: KeyObject;
  try {
    key = text.includes('-----BEGIN')
      ? createPublicKey(text.replaceAll('\\n', '\n'))
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    throw new ServerError('CONFIG_INVALID', 'TEMPLATE_ENCRYPTION_KEY: no RSA public key');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < LEAST_MODULUS_BITS) {
    throw new ServerError(
      'CONFIG_INVALID',
      'TEMPLATE_ENCRYPTION_KEY: no RSA public key of at least 2048 bits',
    );
  }
  return key;
}

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
  if (text === undefined) {
    throw new ServerError(
      'CONFIG_INVALID',
      'TEMPLATE_ENCRYPTION_KEY: needed with TEMPLATE_ENCRYPTION_ENABLED',
    );
  }
  return readTemplateKey(text);
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
