/** `gatehouse audit ...`: the trail of who did what. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('audit', {
  verify: {
    summary: 'check that nothing in the trail and the ledger was changed',
    load: () => import('./verify.ts'),
  },
  export: { summary: 'write the trail as signed JSON lines', load: () => import('./export.ts') },
});
