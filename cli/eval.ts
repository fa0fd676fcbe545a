/** `gatehouse eval ...`: how good the biometrics are, measured on a folder of pictures. */
import { commandGroup } from './command-group.ts';

export const { help, run } = commandGroup('eval', {
  quality: {
    summary: 'the quality score: what rejecting bad pictures saves, and its calibration',
    load: () => import('./eval-quality.ts'),
  },
  'quality-sheet': {
    summary: 'pictures beside their quality values, as one drawing',
    load: () => import('./eval-quality-sheet.ts'),
  },
});
