/** `[models]`: which networks run, and who must have signed them. */
import { list, optional, path } from '../kinds.ts';
import { setting } from '../setting.ts';

export const MODELS = {
  pack: setting({
    path: 'models.pack',
    kind: optional(path('the path of a pack folder or .gpack file')),
    default: undefined,
    variables: ['GATEHOUSE_PACK'],
    option: 'pack',
    example: '"/var/lib/gatehouse/my.gpack"',
    about: 'Model pack to use, a folder or a .gpack file. Without it the built-in one.',
  }),
  packKeys: setting({
    path: 'models.pack_keys',
    kind: list('a list of paths of public keys', path(), 100),
    default: [],
    variables: ['GATEHOUSE_PACK_KEY'],
    example: '["/etc/gatehouse/pack.pub"]',
    about:
      'Ed25519 public keys (PEM files), one of which must have signed the model pack. With none a pack needs no signature.',
  }),
};
