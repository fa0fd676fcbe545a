/** `gatehouse models ...`: the commands around model packs. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('models', {
  list: {
    summary: 'the networks in use and where they come from',
    load: () => import('./list.ts'),
  },
  build: {
    summary: 'build the default pack from the installed packages',
    load: () => import('./build.ts'),
  },
  export: {
    summary: 'write a pack as one .gpack file, signed if wanted',
    load: () => import('./export.ts'),
  },
  verify: { summary: 'check every file of a pack', load: () => import('./verify.ts') },
  import: {
    summary: 'install a pack from a folder or .gpack file',
    load: () => import('./import.ts'),
  },
  calibrate: {
    summary: 'find match thresholds on labelled pictures',
    load: () => import('./calibrate.ts'),
  },
  'train-pad': {
    summary: 'fit liveness detection on labelled presentations',
    load: () => import('./train-pad.ts'),
  },
});
