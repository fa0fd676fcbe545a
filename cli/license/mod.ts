/** `gatehouse license ...`: what the vendor does with licences, and what an installation does. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('license', {
  status: { summary: 'the licence of this installation', load: () => import('./status.ts') },
  inspect: {
    summary: 'what a licence or a report says, and whether its signature holds',
    load: () => import('./inspect.ts'),
  },
  report: {
    summary: 'a signed report of the billed transactions of some days',
    load: () => import('./report.ts'),
  },
  keygen: { summary: 'for vendors: make a key pair', load: () => import('./keygen.ts') },
  issue: { summary: 'for vendors: issue a licence', load: () => import('./issue.ts') },
  endorse: {
    summary: "for vendors: let a reseller's key sign licences",
    load: () => import('./endorse.ts'),
  },
});
