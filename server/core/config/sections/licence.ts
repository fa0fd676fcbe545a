/** `[licence]`: by which licence the server answers, and whose licences count. */
import { list, optional, path } from '../kinds.ts';
import { setting } from '../setting.ts';

export const LICENCE = {
  licenceFile: setting({
    path: 'licence.file',
    kind: optional(path('the path of a lic_config.json')),
    default: undefined,
    variables: ['SERVER_CONFIG_PATH'],
    reload: true,
    watched: true,
    example: '"/etc/gatehouse/lic_config.json"',
    about:
      'The licence, a lic_config.json. Without it the server is on evaluation: on this machine only, and every answer says so.',
  }),
  licenceKeys: setting({
    path: 'licence.keys',
    kind: list('a list of paths of public keys', path(), 100),
    default: [],
    variables: ['GATEHOUSE_LICENCE_KEY'],
    reload: true,
    example: '["/etc/gatehouse/vendor.pub"]',
    about:
      'Ed25519 public keys (PEM files) whose licences count, beside those that the program was built with. A program that was built with keys takes further ones only with an endorsement of its vendor.',
  }),
};
