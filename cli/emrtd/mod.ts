/** `gatehouse emrtd ...`: the commands around travel documents. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('emrtd', {
  verify: {
    summary: 'passive authentication of files read from a document',
    load: () => import('./verify.ts'),
  },
  read: {
    summary: 'read a chip and check everything it gives',
    load: () => import('./read.ts'),
  },
});
