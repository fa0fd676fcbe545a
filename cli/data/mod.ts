/** `gatehouse data ...`: the commands around the data folder. */
import { commandGroup } from '../command-group.ts';

export const { help, subcommands, run } = commandGroup('data', {
  status: {
    summary: 'the format of the data folder and its backups',
    load: () => import('./status.ts'),
  },
  restore: {
    summary: 'put a backup back, to run an older program',
    load: () => import('./restore.ts'),
  },
  'to-database': {
    summary: 'copy the records into the database that several servers share',
    load: () => import('./to-database.ts'),
  },
});
