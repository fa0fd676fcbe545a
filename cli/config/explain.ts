/** `gatehouse config explain`: what a setting means, by its key or by a variable that sets it. */
import {
  allSettings,
  factsOf,
  IGNORED_VARIABLES,
  OTHER_VARIABLES,
  type SettingFacts,
  suggestion,
} from '../../server/core/config/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table, UsageError } from '../command.ts';

export const help = `Usage: gatehouse config explain [KEY] [--json]

Says what a setting means: its values, its default, the variables that set it, whether a running server
takes a change. KEY is the key in the file (server.port) or a variable (TOMCAT_HTTP). Without KEY it
lists all settings.

  --json  one JSON object instead of text
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(
    args,
    { json: FLAG },
    1,
  );
  const settings = allSettings().map(([, setting]) => factsOf(setting));
  const [asked] = positionals;
  if (asked === undefined) {
    io.stdout(values.json ? JSON.stringify({ settings }) + '\n' : list(settings));
    return EXIT.ok;
  }
  const setting = settings.find(({ key, secret, variables }) =>
    [key, ...(secret ? [`${key}_file`] : []), ...variables].includes(asked)
  );
  const about = setting?.about ?? aboutVariable(asked);
  if (about === undefined) {
    const known = settings.flatMap(({ key, variables }) => [key, ...variables]);
    throw new UsageError(`no such setting${suggestion(asked, known)}`);
  }
  if (values.json) io.stdout(JSON.stringify(setting ?? { variable: asked, about }) + '\n');
  else io.stdout(setting === undefined ? `${asked}\n${about}\n` : explain(setting));
  return EXIT.ok;
}

function aboutVariable(name: string): string | undefined {
  if (IGNORED_VARIABLES.includes(name)) {
    return 'A variable of the replaced product. It has no effect here.';
  }
  return Object.hasOwn(OTHER_VARIABLES, name) ? OTHER_VARIABLES[name] : undefined;
}

function explain(setting: SettingFacts): string {
  const { key, about, value, variables, option, reload, secret } = setting;
  return `${key}\n${about}\n\n` + table([
    ['value', value],
    ['default', setting.default],
    ['variables', variables.join(', ')],
    ...(option === undefined ? [] : [['option', option]]),
    ...(secret ? [['secret', `yes; in a file of its own: ${key}_file`]] : []),
    ['change', reload ? 'taken by a running server' : 'needs a restart'],
  ]);
}

function list(settings: readonly SettingFacts[]): string {
  return table([
    ['setting', 'default', 'variables'],
    ...settings.map((setting) => [setting.key, setting.default, setting.variables.join(', ')]),
  ]);
}
