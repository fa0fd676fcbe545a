/** Bytes of the database are overwritten: while the server runs, and before it starts. */
import {
  closeSync,
  copyFileSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { recordsPath } from '../../server/core/records.ts';
import { type Fault, inScene } from './scene.ts';

const PAGE_BYTES = 4096;
const AWHILE_MS = 3000;

export const corruptDatabase: Fault = {
  name: 'corrupt SQLite at the start',
  run: (command) =>
    inScene(command, {}, async (scene) => {
      const records = recordsPath(scene.installation.data);
      const good = `${records}.good`;
      scene.server.kill('SIGTERM');
      await scene.server.ended;
      copyFileSync(records, good);

      const said: string[] = [];
      for (
        const [name, spoil] of [
          ['its head overwritten', () => scribble(records, 0, PAGE_BYTES)],
          ['its pages overwritten', () => scribble(records, PAGE_BYTES, statSync(records).size)],
          ['cut in half', () => truncateSync(records, statSync(records).size / 2)],
          ['empty', () => truncateSync(records, 0)],
        ] as const
      ) {
        spoil();
        const end = await scene.failedStart();
        scene.expect(end.code === 4, `${name}: exit code ${end.code}`);
        said.push(`${name}: "${lastLine(end.errors)}"`);
        for (const file of [records, `${records}-wal`, `${records}-shm`]) {
          rmSync(file, { force: true });
        }
        copyFileSync(good, records);
      }
      scene.restart();
      await scene.recovered();
      return {
        happened: `Ends with code 4. ${said.join('; ')}. With a good copy it starts.`,
        clients: 'no answer, as nothing runs',
      };
    }),
};

export const databaseSpoiled: Fault = {
  name: 'SQLite file overwritten under load',
  run: (command) =>
    inScene(command, { lossIsDue: true }, async (scene) => {
      const records = recordsPath(scene.installation.data);
      const good = `${records}.good`;
      scene.server.kill('SIGTERM');
      await scene.server.ended;
      copyFileSync(records, good);
      scene.restart();
      await scene.recovered();

      const fromMs = performance.now();
      scribble(records, PAGE_BYTES, statSync(records).size);
      await Bun.sleep(AWHILE_MS);
      const clients = scene.between(fromMs);
      const health = await scene.server.health();
      const verify = await scene.command('audit', 'verify');
      scene.expect(verify.code !== 0, 'audit verify did not notice it');
      const { code } = await scene.server.stop();
      const end = await scene.failedStart();
      for (const file of [`${records}-wal`, `${records}-shm`]) rmSync(file, { force: true });
      copyFileSync(good, records);
      scene.restart();
      await scene.recovered();
      return {
        happened:
          `Readiness stayed ${health}; audit verify: "${
            lastLine(verify.output + verify.errors)
          }"; the ` +
          `server ended with code ${code}, and its next start: ` +
          `"${lastLine(end.errors)}". The copy made before was put back.`,
        clients,
      };
    }),
};

function scribble(path: string, from: number, to: number): void {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.min(to - from, 65_536)));
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
