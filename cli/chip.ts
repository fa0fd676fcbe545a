/** `gatehouse chip ...`: the software chip, for tests and demonstrations. */
import { type Command, type CommandIo, EXIT, UsageError } from './command.ts';

const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  serve: { summary: 'offer a specimen chip on a TCP line', load: () => import('./chip-serve.ts') },
  relay: {
    summary: 'relay a chip to a DocVal server as a phone does',
    load: () => import('./chip-relay.ts'),
  },
  faults: { summary: 'list how the chip can misbehave', load: () => import('./chip-faults.ts') },
};

export const help = `Usage: gatehouse chip <command> [options]

${
  Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(6)}  ${summary}`).join(
    '\n',
  )
}

"gatehouse chip <command> --help" explains each; docs/software-chip.md says more.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  const entry = name === undefined || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
  if (entry === undefined) {
    throw new UsageError(`chip needs one of ${Object.keys(COMMANDS).join(', ')}`);
  }
  const command = await entry.load();
  if (rest.includes('--help')) {
    io.stdout(command.help);
    return EXIT.ok;
  }
  return await command.run(rest, io);
}
