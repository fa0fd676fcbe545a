/** Everything that is made to go wrong, in the order of the table. */
import { certificateExpired } from './certificate.ts';
import { clockBack } from './clock-back.ts';
import { corruptDatabase, databaseSpoiled } from './corrupt-database.ts';
import { corruptModel } from './corrupt-model.ts';
import { databaseGone } from './database-gone.ts';
import { fullDisk } from './full-disk.ts';
import { halfWritten } from './half-written.ts';
import { kill } from './kill.ts';
import { memoryLimit } from './memory-limit.ts';
import type { Fault } from './scene.ts';
import { nativeCrash, workerCrash } from './worker-crash.ts';

export const FAULTS: readonly Fault[] = [
  kill,
  fullDisk,
  databaseGone,
  clockBack,
  certificateExpired,
  workerCrash,
  nativeCrash,
  memoryLimit,
  corruptDatabase,
  databaseSpoiled,
  corruptModel,
  halfWritten,
];
