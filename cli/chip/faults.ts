/** `gatehouse chip faults`: the fault switches of the software chip. */
import { ISSUE_FAULTS, LINE_FAULTS } from '../../emrtd/chip/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs, table } from '../command.ts';

export const help = `Usage: gatehouse chip faults [--json]

Lists the faults that "gatehouse chip serve --fault NAME" can show.
`;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { json: FLAG }, 0);
  const faults = { data: ISSUE_FAULTS, line: LINE_FAULTS };
  if (values.json) {
    io.stdout(JSON.stringify(faults) + '\n');
    return EXIT.ok;
  }
  io.stdout(table([
    ['fault', 'what goes wrong'],
    ...Object.entries(ISSUE_FAULTS),
    ...Object.entries(LINE_FAULTS),
  ]));
  return EXIT.ok;
}
