/** `gatehouse version`. */
import { VERSION } from '../server/core/version.ts';
import { type CommandIo, EXIT, FLAG, readArgs } from './command.ts';

export const help = `Usage: gatehouse version [--json]

Prints the version of the program and of the runtime inside it.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { json: FLAG }, 0);
  const versions = { gatehouse: VERSION, bun: Bun.version };
  io.stdout(
    values.json ? JSON.stringify(versions) + '\n' : `gatehouse ${VERSION} (Bun ${Bun.version})\n`,
  );
  return EXIT.ok;
}
