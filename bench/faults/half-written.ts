/** Files that an operator was in the middle of writing, or that a copy has cut: read at once, and at the start. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, inScene } from './scene.ts';

const SETTINGS = '[log]\nlevel = "info"\n\n[limits]\nbody_bytes = 8388608\ndeadline_ms = 20000\n';
/** Two looks at the files, and a little. */
const RELOAD_MS = 6000;

export const halfWritten: Fault = {
  name: 'half-written configuration',
  run: (command) =>
    inScene(command, {}, async (scene) => {
      const { data, folder } = scene.installation;
      const said: string[] = [];
      const refusedStarts: string[] = [];
      const fromMs = performance.now();
      for (
        const [file, whole, cut] of [
          [join(data, 'gatehouse.toml'), SETTINGS, (text: string) => text.slice(0, -12)],
          [join(data, 'gatehouse.toml'), SETTINGS, (text: string) => text.slice(0, 10)],
          [join(data, 'gatehouse.toml'), SETTINGS, () => ''],
          ...['clients.json', 'lic_config.json'].map((name) => {
            const path = join(folder, name);
            return [path, readFileSync(path, 'utf8'), (text: string) => text.slice(0, 60)] as const;
          }),
        ] as const
      ) {
        const refusals = () => scene.server.lines.filter(({ event }) => event === 'config-refused');
        const before = refusals().length;
        writeFileSync(file, cut(whole));
        await Bun.sleep(RELOAD_MS);
        const refused = refusals().slice(before);
        scene.expect(refused.length === 1, `${file} was refused ${refused.length} times`);
        said.push(String((refused[0]?.problems as string[] | undefined)?.[0]));
        const end = await scene.failedStart();
        scene.expect(end.code === 4, `exit code ${end.code} of a start with ${file}`);
        refusedStarts.push(end.errors);
        writeFileSync(file, whole);
        await scene.server.line(({ event }) => event === 'config-reloaded').catch(() => {});
      }
      await Bun.sleep(RELOAD_MS);
      const clients = scene.between(fromMs);
      scene.expect(!/x [45]\d\d|x no answer/.test(clients), 'clients noticed it');
      return {
        happened: `Refused, the settings before stay in force: ${
          said.map((s) => `"${s}"`).join('; ')
        }. ` +
          `Starts with such files end with code 4.`,
        clients,
      };
    }),
};
