/** `gatehouse models ...`: the commands around model packs. */
import { asksForHelp, type Command, type CommandIo, EXIT, UsageError } from './command.ts';

const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  list: {
    summary: 'the networks in use and where they come from',
    load: () => import('./models-list.ts'),
  },
  build: {
    summary: 'build the default pack from the installed packages',
    load: () => import('./models-build.ts'),
  },
  export: {
    summary: 'write a pack as one .gpack file, signed if wanted',
    load: () => import('./models-export.ts'),
  },
  verify: { summary: 'check every file of a pack', load: () => import('./models-verify.ts') },
  import: {
    summary: 'install a pack from a folder or .gpack file',
    load: () => import('./models-import.ts'),
  },
  calibrate: {
    summary: 'find match thresholds on labelled pictures',
    load: () => import('./models-calibrate.ts'),
  },
};

export const help = `Usage: gatehouse models <command> [options]

${
  Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(9)}  ${summary}`).join(
    '\n',
  )
}

"gatehouse models <command> --help" explains each.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    throw new UsageError(`models needs one of ${Object.keys(COMMANDS).join(', ')}`);
  }
  const command = await COMMANDS[name].load();
  if (asksForHelp(rest)) {
    io.stdout(command.help);
    return EXIT.ok;
  }
  return await command.run(rest, io);
}
