/** `gatehouse admin ...`: who may log in to the console. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('admin', {
  create: { summary: 'add an administrator', load: () => import('./create.ts') },
  reset: {
    summary: 'give an administrator a new password and authenticator',
    load: () => import('./reset.ts'),
  },
  list: { summary: 'who there is', load: () => import('./list.ts') },
  remove: { summary: 'take an administrator away', load: () => import('./remove.ts') },
}, '; docs/access.md is about them');
