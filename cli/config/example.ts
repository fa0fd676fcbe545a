/** `gatehouse config example`: a configuration file with every setting, explained and commented out. */
import { allSettings, exampleLine, factsOf } from '../../server/core/config/mod.ts';
import { type CommandIo, EXIT, FLAG, readArgs } from '../command.ts';

export const help = `Usage: gatehouse config example [--json]

Prints a configuration file that has every setting with its explanation, all commented out.

  --json  one JSON object with the text in "toml"
`;

const HEAD =
  `# gatehouse.toml: settings of a Gatehouse server. Lines that set something are commented out.
# Environment variables go before this file. "gatehouse config check" says what is wrong with it.
`;

const LINE_WIDTH = 100;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = readArgs(args, { json: FLAG }, 0);
  const toml = exampleFile();
  io.stdout(values.json ? JSON.stringify({ toml }) + '\n' : toml);
  return EXIT.ok;
}

function exampleFile(): string {
  let text = HEAD, section = '';
  for (const [, setting] of allSettings()) {
    const { key, about, value, variables, ...facts } = factsOf(setting);
    const next = key.slice(0, key.lastIndexOf('.'));
    if (next !== section) text += `\n[${section = next}]\n`;
    const notes = [
      value,
      `default ${facts.default}`,
      variables.join(', '),
      ...(facts.reload ? ['taken by a running server'] : []),
    ];
    text += `\n${comment(about)}${comment(`(${notes.join('; ')})`)}# ${exampleLine(setting)}\n`;
  }
  return text;
}

/** Text as comment lines of limited width. */
function comment(text: string): string {
  const lines = ['#'];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + 1 + word.length > LINE_WIDTH) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n') + '\n';
}
