/** `gatehouse pki ...`: the commands around the trust store for travel documents. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('pki', {
  import: {
    summary: 'add certificates, master lists, CRLs, deviation lists or a PKD file',
    load: () => import('./import.ts'),
  },
  list: { summary: 'what is trusted', load: () => import('./list.ts') },
  show: { summary: 'one certificate in full', load: () => import('./show.ts') },
});
