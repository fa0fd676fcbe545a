/**
 * The records of the installation are taken away under a running server: the whole file, or its log of changes
 * alone; and put back. PostgreSQL, where it is used, has a case of its own to be added to `FAULTS`.
 */
import { renameSync } from 'node:fs';
import { recordsPath } from '../../server/core/records.ts';
import { type Fault, inScene } from './scene.ts';

const AWHILE_MS = 3000;

export const databaseGone: Fault = {
  name: 'database gone',
  run: (command) =>
    inScene(command, {}, async (scene) => {
      const records = recordsPath(scene.installation.data);
      const told: string[] = [];
      for (const names of [['', '-wal', '-shm'], ['-wal']]) {
        const fromMs = performance.now();
        for (const name of names) renameSync(records + name, `${records}${name}.away`);
        await scene.told(({ said }) => /ERROR_SERVER_INTERNAL/.test(said));
        await Bun.sleep(AWHILE_MS);
        const health = await scene.server.health();
        scene.expect(health === 503, `readiness ${health} without ${names.join()}`);
        told.push(scene.between(fromMs));
        for (const name of names) renameSync(`${records}${name}.away`, records + name);
        await scene.recovered();
      }
      const line = scene.server.lines.find(({ event }) => event === 'records-not-writable');
      return { happened: `Not ready; log: "${line?.cause}".`, clients: told.join(' / ') };
    }),
};
