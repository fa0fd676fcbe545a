/** `gatehouse eval ...`: error rates of the pack in use on a site's own labelled data. */
import { commandGroup } from './command-group.ts';

export const { help, run } = commandGroup('eval', {
  match: {
    summary: 'how often the matcher errs at its thresholds',
    load: () => import('./eval-match.ts'),
  },
  pad: {
    summary: 'how often liveness detection errs, after ISO/IEC 30107-3',
    load: () => import('./eval-pad.ts'),
  },
});
