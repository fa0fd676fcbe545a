/** `gatehouse eval ...`: how good the biometrics are, measured on a site's own pictures. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('eval', {
  match: {
    summary: 'how often the matcher errs at its thresholds',
    load: () => import('./match.ts'),
  },
  pad: {
    summary: 'how often liveness detection errs, after ISO/IEC 30107-3',
    load: () => import('./pad.ts'),
  },
  quality: {
    summary: 'the quality score: what rejecting bad pictures saves, and its calibration',
    load: () => import('./quality.ts'),
  },
  'quality-sheet': {
    summary: 'pictures beside their quality values, as one drawing',
    load: () => import('./quality-sheet.ts'),
  },
});
