/**
 * The server in a process of its own that searches its heap on request. What it searches for comes
 * written backwards, so that the request is not what it finds.
 */
import { parseTrustStore } from '../../../../emrtd/mod.ts';
import { DEVICE_CLIENT, startDocval } from './server.ts';

/** What to start. */
export const HEAP_PROGRAM: string = import.meta.path;

if (import.meta.main) {
  const [trustFile, resultServer] = process.argv.slice(2);
  const trust = parseTrustStore(await Bun.file(trustFile).bytes(), 'trust store');
  const clients = [{ ...DEVICE_CLIENT, result_server: { url: resultServer } }];
  const server = startDocval({ trust, clients, postTimeoutMs: 60_000 });
  process.on('message', (backwards: string[]) => {
    Bun.gc(true);
    const heap = [...Bun.generateHeapSnapshot('v8') as string].reverse().join('');
    process.send?.(backwards.map((needle) => heap.includes(needle)));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.(server.v1);
}
