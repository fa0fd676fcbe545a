/** Bytes of a model pack have changed: when it is imported, when the server starts with it, and after it did. */
import { closeSync, copyFileSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, inScene } from './scene.ts';

export const corruptModel: Fault = {
  name: 'corrupt model',
  run: (command) =>
    inScene(command, {}, async (scene) => {
      const { folder } = scene.installation;
      const good = join(folder, 'good.gpack'), bad = join(folder, 'bad.gpack');
      const exported = await scene.command('models', 'export', good);
      scene.expect(exported.code === 0, exported.errors);
      let said = '';
      for (const share of [0.001, 0.5, 0.999]) {
        copyFileSync(good, bad);
        flipByte(bad, Math.floor(statSync(bad).size * share));
        const verified = await scene.command('models', 'verify', '--pack', bad);
        const imported = await scene.command('models', 'import', bad);
        scene.expect(verified.code !== 0, `verify took a byte at ${share}`);
        scene.expect(imported.code !== 0, `import took a byte at ${share}`);
        said = imported.errors;
      }
      scene.server.kill('SIGTERM');
      await scene.server.ended;
      const end = await scene.failedStart({ args: ['--pack', bad] });
      scene.expect(end.code === 4, `exit code ${end.code} with the bad pack`);
      scene.restart({ args: ['--pack', good] });
      await scene.recovered();
      const fromMs = performance.now();
      flipByte(good, statSync(good).size / 2 | 0);
      await Bun.sleep(3000);
      return {
        happened:
          `One byte changed, at three places: "models verify" and "models import" refuse it ("${said}"). ` +
          `A start ended with code ${end.code}, by the same words. Changed under a running server: it goes on ` +
          'with the networks it has loaded.',
        clients: scene.between(fromMs),
      };
    }),
};

function flipByte(path: string, at: number): void {
  const file = openSync(path, 'r+');
  const byte = new Uint8Array(1);
  readSync(file, byte, 0, 1, at);
  byte[0] ^= 0x40;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}
