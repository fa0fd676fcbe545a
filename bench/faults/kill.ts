/** The process is killed in the middle of its work, several times, and started again. */
import { readdirSync } from 'node:fs';
import { type Fault, inScene } from './scene.ts';

const TIMES = 3;

export const kill: Fault = {
  name: 'kill -9 under load',
  run: (command) =>
    inScene(command, {}, async (scene) => {
      const fromMs = performance.now();
      const files = () => readdirSync(scene.installation.env.TMPDIR).length;
      const unpacked = files();
      for (let i = 0; i < TIMES; i++) {
        scene.server.kill('SIGKILL');
        await scene.server.ended;
        scene.restart();
        await scene.recovered();
      }
      scene.expect(files() === unpacked, 'files pile up in the temp folder');
      return {
        happened: `The process was killed ${TIMES} times and started again at once.`,
        clients: scene.between(fromMs),
      };
    }),
};
