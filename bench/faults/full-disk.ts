/** The disk with the data folder has no space left, while the server runs and when it starts. */
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fault, fillDisk, inScene } from './scene.ts';

/** Some thousand records. */
const SIZE = '6m';

export const fullDisk: Fault = {
  name: 'disk full',
  lacking: () =>
    process.getuid?.() === 0 && Bun.which('mount') !== null ? undefined : 'root, to mount a disk',
  async run(command) {
    const disk = await mkdtemp(join(tmpdir(), 'gatehouse-disk-'));
    mount('-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'tmpfs', disk);
    try {
      const data = join(disk, 'data');
      mkdirSync(data, { mode: 0o700 });
      return await inScene(command, { data }, async (scene) => {
        const filler = join(disk, 'filler');
        const fromMs = performance.now();
        fillDisk(filler);
        await scene.server.line(({ event }) => event === 'records-not-writable');
        await Bun.sleep(6000);
        const { status, failing } = await scene.server.readiness();
        scene.expect(status === 503, `readiness ${status}`);
        const clients = scene.between(fromMs);
        scene.expect(!/ERROR_SERVER_INTERNAL/.test(clients) === false, 'nobody was refused');
        rmSync(filler);
        await scene.recovered();
        await scene.server.line(({ event }) => event === 'records-writable');

        fillDisk(filler);
        await scene.server.line(({ event }) => event === 'records-not-writable');
        scene.server.kill('SIGKILL');
        await scene.server.ended;
        const end = await scene.failedStart();
        scene.expect(end.code === 4, `exit code ${end.code} at a start on the full disk`);
        rmSync(filler);
        scene.restart();
        await scene.recovered();
        return {
          happened: `Not ready (${failing.join('; ')}). A start on the full disk ended with code ` +
            `${end.code}: "${end.errors.split('\n')[0]}".`,
          clients,
        };
      });
    } finally {
      Bun.spawnSync(['umount', '--lazy', disk]);
      await rm(disk, { recursive: true, force: true });
    }
  },
};

function mount(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(['mount', ...args]);
  if (exitCode !== 0) throw new Error(`mount: ${stderr}`);
}
