/** `gatehouse chip ...`: the software chip, for tests and demonstrations. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('chip', {
  serve: { summary: 'offer a specimen chip on a TCP line', load: () => import('./serve.ts') },
  relay: {
    summary: 'relay a chip to a DocVal server as a phone does',
    load: () => import('./relay.ts'),
  },
  faults: { summary: 'list how the chip can misbehave', load: () => import('./faults.ts') },
}, '; docs/software-chip.md says more');
