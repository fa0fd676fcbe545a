/** A command made of commands: `gatehouse models list` and its kind. */
import { type Command, runOrExplain, UsageError } from './command.ts';

/** What a group needs to know of a command before it is loaded. */
interface GroupEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/**
 * @param name of the group, as typed
 * @param furtherHelp ends the help text's last sentence
 */
export function commandGroup(
  name: string,
  commands: Readonly<Record<string, GroupEntry>>,
  furtherHelp = '',
): Command {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((command) => command.length));
  const list = Object.entries(commands).map(([command, { summary }]) =>
    `  ${command.padEnd(width)}  ${summary}`
  );
  return {
    help: `Usage: gatehouse ${name} <command> [options]

${list.join('\n')}

"gatehouse ${name} <command> --help" explains each${furtherHelp}.
`,
    subcommands: names,
    async run([wanted, ...rest], io) {
      if (wanted === undefined || !Object.hasOwn(commands, wanted)) {
        throw new UsageError(`${name} needs one of ${names.join(', ')}`);
      }
      return await runOrExplain(await commands[wanted].load(), rest, io);
    },
  };
}
