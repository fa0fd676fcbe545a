/** `[identy]`: the IDENTY API. "Encrypting Generated Templates": the documented variables of its encryption. */
import { readRsaPublicKey } from '../../keys/rsa-public-key.ts';
import { flag, optional, text } from '../kinds.ts';
import { setting } from '../setting.ts';

const KEY_WORDS =
  'an RSA public key of at least 2048 bits, PEM or the Base64 of its SubjectPublicKeyInfo';

/** What is wrong with a key, if anything. The documented `.env` has a placeholder until encryption is on. */
function keyFault(key: string | undefined, templateEncryption: unknown): string | undefined {
  if (templateEncryption !== true) return undefined;
  if (key === undefined) return 'needed because identy.template_encryption is on';
  return readRsaPublicKey(key) === undefined ? `must be ${KEY_WORDS}` : undefined;
}

export const IDENTY = {
  templateEncryption: setting({
    path: 'identy.template_encryption',
    kind: flag(),
    default: false,
    variables: ['TEMPLATE_ENCRYPTION_ENABLED'],
    about: 'Whether the templates in the answers of "process" are encrypted.',
  }),
  templateEncryptionKey: setting({
    path: 'identy.template_encryption_key',
    kind: optional(text(KEY_WORDS, /./)),
    default: undefined,
    variables: ['TEMPLATE_ENCRYPTION_KEY'],
    secret: true,
    example: '"/etc/gatehouse/integrator.pem"',
    about:
      'RSA public key of the integrator, which templates are encrypted for: PEM, or the Base64 of its SubjectPublicKeyInfo. Kept like a secret, so that a private key put here by mistake is shown nowhere.',
    beside: (key, { templateEncryption }) => keyFault(key, templateEncryption),
  }),
};
