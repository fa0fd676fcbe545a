/** `gatehouse config show`: every setting as it stands, and where it is from. Secrets stay hidden. */
import { configOf, shownInWords, showSettings } from '../../server/core/config/mod.ts';
import { type CommandIo, EXIT, readArgs, table } from '../command.ts';
import { CONFIG_HELP, CONFIG_OPTIONS, readInstalled } from './options.ts';

export const help = `Usage: gatehouse config show [options]

Lists every setting as a server started here would have it, and where it is from. Of secrets it says
whether they are set.

${CONFIG_HELP}`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, CONFIG_OPTIONS, 0);
  const reading = readInstalled(values);
  const config = configOf(reading);
  const { file, found } = reading;
  const settings = showSettings(config, (name) => found.get(name)?.from ?? 'default');
  if (values.json) {
    io.stdout(JSON.stringify({ file: file ?? null, settings }) + '\n');
    return EXIT.ok;
  }
  io.stdout(table([
    ['setting', 'value', 'from'],
    ...settings.map((setting) => [setting.key, shownInWords(setting), setting.from]),
  ]));
  io.stdout(`\nconfiguration file: ${file ?? 'none'}\n`);
  return EXIT.ok;
}
