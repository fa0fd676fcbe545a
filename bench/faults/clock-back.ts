/**
 * The clock of the machine goes back under load: by a little, as time synchronisation may do it, and by more
 * than the licence takes; then it is right again. libfaketime stands in for the clock, of the program alone.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Fault, inScene } from './scene.ts';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
const AWHILE_MS = 4000;

export const clockBack: Fault = {
  name: 'clock back',
  lacking: () => existsSync(LIBRARY) ? undefined : 'libfaketime',
  async run(command) {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-clock-'));
    const clock = join(folder, 'clock');
    const set = (offset: string) => writeFileSync(clock, offset);
    set('+0');
    const env = {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    try {
      return await inScene(command, { env }, async (scene) => {
        let fromMs = performance.now();
        set('-300');
        await Bun.sleep(AWHILE_MS);
        const little = scene.between(fromMs);
        set('+0');
        await scene.recovered();

        fromMs = performance.now();
        set('-7200');
        await scene.told(({ said }) => /LICENSE_INVALID/.test(said));
        await Bun.sleep(AWHILE_MS);
        const more = scene.between(fromMs);
        const health = await scene.server.health();
        scene.server.kill('SIGTERM');
        await scene.server.ended;
        scene.restart();
        await scene.server.ready();
        const line = await scene.server.line(({ event, status }) =>
          event === 'licence' && status === 'clock-rolled-back'
        );
        set('+0');
        await scene.recovered();
        return {
          happened: 'Back by 5 minutes: rows keep the time of the row before. Back by 2 hours: ' +
            `readiness ${health}, the licence is ${line.status} ("${line.reason}"), also after a restart.`,
          clients: `${little} / ${more}`,
        };
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
