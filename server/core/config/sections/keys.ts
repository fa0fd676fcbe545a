/** `[keys]`: how the private keys of the installation are kept. */
import { integer, optional, text } from '../kinds.ts';
import { setting } from '../setting.ts';

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
