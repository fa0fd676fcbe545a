/** `gatehouse key ...`: API keys of clients. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('key', {
  create: { summary: 'make a key for a client', load: () => import('./create.ts') },
  list: { summary: 'which keys there are', load: () => import('./list.ts') },
  revoke: { summary: 'end a key at once', load: () => import('./revoke.ts') },
  rotate: {
    summary: 'replace a key, the old one stays good for a while',
    load: () => import('./rotate.ts'),
  },
}, '; docs/access.md is about them');
