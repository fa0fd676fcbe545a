/** `[docval]`: who may have passport chips verified. */
import { choice, optional, path } from '../kinds.ts';
import { setting } from '../setting.ts';

export const DOCVAL = {
  docvalClients: setting({
    path: 'docval.clients',
    kind: optional(path('the path of a JSON file')),
    default: undefined,
    variables: ['GATEHOUSE_DOCVAL_CLIENTS'],
    reload: true,
    watched: true,
    example: '"/etc/gatehouse/clients.json"',
    about:
      'File that names the clients of DocVal and their result servers. Without it nobody is a client. It must be closed to others (mode 0600): client ids are access keys.',
  }),
  docvalDemo: setting({
    path: 'docval.demo',
    kind: choice(['auto', 'on', 'off']),
    default: 'auto',
    variables: ['GATEHOUSE_DOCVAL_DEMO'],
    about:
      'The demonstration at /docval with specimen chips: "auto" offers it only where the server listens on a loopback address and the request stays on this machine.',
  }),
};
