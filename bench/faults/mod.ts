/** Everything that is made to go wrong, in the order of the table. */
import { databaseGone } from './database-gone.ts';
import { fullDisk } from './full-disk.ts';
import { kill } from './kill.ts';
import type { Fault } from './scene.ts';

export const FAULTS: readonly Fault[] = [kill, fullDisk, databaseGone];
