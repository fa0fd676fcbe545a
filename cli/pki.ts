/** `gatehouse pki ...`: the commands around the trust store for travel documents. */
import { type Command, type CommandIo, EXIT, UsageError } from './command.ts';

const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  import: {
    summary: 'add certificates, master lists, CRLs, deviation lists or a PKD file',
    load: () => import('./pki-import.ts'),
  },
  list: { summary: 'what is trusted', load: () => import('./pki-list.ts') },
  show: { summary: 'one certificate in full', load: () => import('./pki-show.ts') },
};

export const help = `Usage: gatehouse pki <command> [options]

${
  Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(6)}  ${summary}`).join(
    '\n',
  )
}

"gatehouse pki <command> --help" explains each.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  const entry = name === undefined ? undefined : COMMANDS[name];
  if (entry === undefined) {
    throw new UsageError(`pki needs one of ${Object.keys(COMMANDS).join(', ')}`);
  }
  const command = await entry.load();
  if (rest.includes('--help')) {
    io.stdout(command.help);
    return EXIT.ok;
  }
  return await command.run(rest, io);
}
