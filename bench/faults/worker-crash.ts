/** An inference worker dies in the middle of its work; and native code brings the whole process down. */
import { join } from 'node:path';
import { type Fault, inScene } from './scene.ts';

const TIMES = 3;
const PROGRAM = [process.execPath, join(import.meta.dir, 'crashing-process.ts')];

/** Needs a program with a door for it, so this one runs from the sources. */
export const workerCrash: Fault = {
  name: 'worker crash',
  run: () =>
    inScene(PROGRAM, {}, async (scene) => {
      const fromMs = performance.now();
      for (let i = 0; i < TIMES; i++) {
        const seen = scene.server.lines.length;
        scene.server.kill('SIGUSR2');
        const isNew = (line: { event: string }) =>
          line.event === 'worker-ended' && scene.server.lines.indexOf(line as never) >= seen;
        await scene.server.line(isNew);
        await scene.recovered();
      }
      const line = scene.server.lines.findLast(({ event }) => event === 'worker-ended');
      scene.expect(scene.server.alive, 'the process ended with it');
      return {
        happened: `${TIMES} times; log: worker-ended, "${line?.cause}". The other worker went on.`,
        clients: scene.between(fromMs),
      };
    }),
};

export const nativeCrash: Fault = {
  name: 'crash of native code',
  run: (command) =>
    inScene(command, {}, async (scene) => {
      const fromMs = performance.now();
      scene.server.kill('SIGSEGV');
      const { signal, errors } = await scene.server.ended;
      scene.restart();
      await scene.recovered();
      scene.expect(/Segmentation fault/.test(errors), 'the standard error output does not say it');
      return {
        happened:
          `The process ended by ${signal}, with a report on the standard error output that stays there.`,
        clients: scene.between(fromMs),
      };
    }),
};
