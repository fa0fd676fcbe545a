/**
 * Loaded before a server from its sources: it writes a snapshot of the JavaScript heap, as a developer would
 * take it, into the file that HEAP_SNAPSHOT names when it gets SIGUSR2.
 */
import { renameSync, writeFileSync } from 'node:fs';

const file = process.env.HEAP_SNAPSHOT;
if (file !== undefined) {
  process.on('SIGUSR2', () => {
    Bun.gc(true);
    writeFileSync(`${file}.part`, Bun.generateHeapSnapshot('v8'));
    renameSync(`${file}.part`, file);
  });
}
