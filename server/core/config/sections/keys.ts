/** `[keys]`: how the private keys of the installation are kept. */
import { integer, optional, path, text } from '../kinds.ts';
import { setting, type Values } from '../setting.ts';

const LABEL = text('a label of 1 to 32 characters', /^[^\p{Cc}]{1,32}$/u);

/** What has to be said beside the module, and not without it. */
function besideModule(value: unknown, { pkcs11Module }: Values): string | undefined {
  return value !== undefined && pkcs11Module === undefined ? 'needs keys.pkcs11_module' : undefined;
}

export const KEYS = {
  keysPassphrase: setting({
    path: 'keys.passphrase',
    kind: optional(text('a text of 12 to 1024 characters', /^.{12,1024}$/s)),
    default: undefined,
    variables: ['GATEHOUSE_KEYS_PASSPHRASE'],
    secret: true,
    example: '"/etc/gatehouse/keys.passphrase"',
    about:
      'Passphrase of the private keys in the data folder. New ones are encrypted under it; "gatehouse keys encrypt" does it to those that are there. The systemd credential gatehouse.passphrase does as well.',
  }),
  pkcs11Module: setting({
    path: 'keys.pkcs11_module',
    kind: optional(path('the path of a shared library')),
    default: undefined,
    variables: ['GATEHOUSE_KEYS_PKCS11_MODULE'],
    example: '"/usr/lib/softhsm/libsofthsm2.so"',
    about:
      'PKCS #11 module of the token that keeps the key which the private keys in the data folder are encrypted under, instead of a passphrase. It is loaded into the server: whoever can write the file is the server.',
    beside: (value, { pkcs11Token }) =>
      value !== undefined && pkcs11Token === undefined
        ? 'needs keys.pkcs11_token, its label'
        : undefined,
  }),
  pkcs11Token: setting({
    path: 'keys.pkcs11_token',
    kind: optional(LABEL),
    default: undefined,
    variables: ['GATEHOUSE_KEYS_PKCS11_TOKEN'],
    example: '"gatehouse"',
    about: 'Label of the token.',
    beside: besideModule,
  }),
  pkcs11Key: setting({
    path: 'keys.pkcs11_key',
    kind: LABEL,
    default: 'gatehouse',
    variables: ['GATEHOUSE_KEYS_PKCS11_KEY'],
    about:
      'Label of the RSA key pair on the token. "gatehouse keys token create" makes it, or the tool of the token.',
  }),
  pkcs11Pin: setting({
    path: 'keys.pkcs11_pin',
    kind: optional(text('a text of 4 to 255 characters', /^.{4,255}$/s)),
    default: undefined,
    variables: ['GATEHOUSE_KEYS_PKCS11_PIN'],
    secret: true,
    example: '"/etc/gatehouse/token.pin"',
    about:
      'PIN of the user of the token. The systemd credential gatehouse.pkcs11-pin does as well.',
    beside: besideModule,
  }),
  signingPublishDays: setting({
    path: 'keys.signing_publish_days',
    kind: integer(0, 36_500, 'days'),
    default: 730,
    variables: ['GATEHOUSE_KEYS_SIGNING_PUBLISH_DAYS'],
    reload: true,
    about:
      'How long a replaced signing key stays in the published set, so that results signed by it can be checked.',
  }),
  captureKeepDays: setting({
    path: 'keys.capture_keep_days',
    kind: integer(0, 36_500, 'days'),
    default: 30,
    variables: ['GATEHOUSE_KEYS_CAPTURE_KEEP_DAYS'],
    reload: true,
    about:
      'How long a replaced capture key is kept, so that captures sealed for it still open; then its file is removed. Captures open for two minutes, but pages can be open for long.',
  }),
};
