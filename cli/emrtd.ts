/** `gatehouse emrtd ...`: the commands around travel documents. */
import { type Command, type CommandIo, EXIT, UsageError } from './command.ts';

const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  verify: {
    summary: 'passive authentication of files read from a document',
    load: () => import('./emrtd-verify.ts'),
  },
  read: {
    summary: 'read a chip and check everything it gives',
    load: () => import('./emrtd-read.ts'),
  },
};

export const help = `Usage: gatehouse emrtd <command> [options]

${
  Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(6)}  ${summary}`).join(
    '\n',
  )
}

"gatehouse emrtd <command> --help" explains each.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  const entry = name === undefined ? undefined : COMMANDS[name];
  if (entry === undefined) {
    throw new UsageError(`emrtd needs one of ${Object.keys(COMMANDS).join(', ')}`);
  }
  const command = await entry.load();
  if (rest.includes('--help')) {
    io.stdout(command.help);
    return EXIT.ok;
  }
  return await command.run(rest, io);
}
