/** `gatehouse pki ...`: the commands around the trust store for travel documents. */
import { commandGroup } from './command-group.ts';

export const { help, run } = commandGroup('pki', {
  import: {
    summary: 'add certificates, master lists, CRLs, deviation lists or a PKD file',
    load: () => import('./pki-import.ts'),
  },
  list: { summary: 'what is trusted', load: () => import('./pki-list.ts') },
  show: { summary: 'one certificate in full', load: () => import('./pki-show.ts') },
});
