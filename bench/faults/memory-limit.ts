/** The kernel gives the program no more memory: a control group whose limit it reaches under load. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartOptions } from '../appliance/server.ts';
import { type Fault, inScene } from './scene.ts';

/** Hierarchies of version 1 and of version 2. */
const V1 = '/sys/fs/cgroup/memory', V2 = '/sys/fs/cgroup';
const MB = 2 ** 20;
/** What docs/install.md asks for. */
const ENOUGH_MB = 1024;
const AWHILE_MS = 5000;

export const memoryLimit: Fault = {
  name: 'memory limit',
  lacking: () => groupFolder() === undefined ? 'a control group of its own' : undefined,
  async run(command) {
    const folder = groupFolder()!;
    mkdirSync(folder);
    const isV1 = folder.startsWith(V1);
    const file = join(folder, isV1 ? 'memory.limit_in_bytes' : 'memory.max');
    const limit = (megabytes: number) => writeFileSync(file, String(megabytes * MB));
    const wrapper = ['sh', '-c', `echo $$ > ${folder}/cgroup.procs && exec "$@"`, 'sh'];
    const options: StartOptions = { wrapper };
    try {
      limit(ENOUGH_MB);
      return await inScene(command, options, async (scene) => {
        await Bun.sleep(AWHILE_MS);
        const peak = isV1 ? 'memory.max_usage_in_bytes' : 'memory.peak';
        const peakMb = Number(readFileSync(join(folder, peak), 'utf8')) / MB;
        scene.expect(scene.server.alive, `ended within ${ENOUGH_MB} MB`);
        const fromMs = performance.now();
        scene.server.kill('SIGKILL');
        await scene.server.ended;
        const tooLittleMb = Math.round(peakMb * 0.5);
        limit(tooLittleMb);
        scene.restart(options);
        const end = await Promise.race([scene.server.ended, Bun.sleep(30_000)]);
        scene.expect(end !== undefined, `runs on in ${tooLittleMb} MB`);
        if (scene.server.alive) {
          scene.server.kill('SIGKILL');
          await scene.server.ended;
        }
        limit(ENOUGH_MB);
        scene.restart(options);
        await scene.recovered();
        return {
          happened:
            `Runs under load within ${ENOUGH_MB} MB (at most ${
              peakMb.toFixed(0)
            } MB, files it has read ` +
            `included). In ${tooLittleMb} MB the kernel ended it by ${end?.signal}.`,
          clients: scene.between(fromMs),
        };
      });
    } finally {
      rmdirSync(folder);
    }
  },
};

/** Where a group can be made whose memory is limited; undefined where none can. */
function groupFolder(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const name = `gatehouse-bench-${process.pid}`;
  if (existsSync(join(V1, 'memory.limit_in_bytes'))) return join(V1, name);
  const controllers = join(V2, 'cgroup.subtree_control');
  if (!existsSync(controllers) || !readFileSync(controllers, 'utf8').includes('memory')) {
    return undefined;
  }
  return join(V2, name);
}
