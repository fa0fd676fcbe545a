import { describe, expect, test } from 'bun:test';
import { runCommandLine } from '../../cli/mod.ts';

async function helpOf(...command: string[]): Promise<string> {
  let out = '';
  const io = { stdout: (text: string) => void (out += text), stderr: () => {} };
  expect(await runCommandLine([...command, '--help'], io)).toBe(0);
  return out;
}

test('every command explains itself, and those of a group each of theirs', async () => {
  const commandsIn = (help: string) =>
    help.matchAll(/^ {2}([a-z][a-z-]*) {2}/gm).map(([, name]) => name);
  const explained: string[] = [];
  const visit = async (command: string[]): Promise<void> => {
    const name = ['gatehouse', ...command].join(' ');
    const help = await helpOf(...command);
    expect(help).toStartWith(`Usage: ${name} `);
    explained.push(name);
    if (!help.includes(`Usage: ${name} <command>`)) return;
    for (const own of commandsIn(help)) await visit([...command, own]);
  };
  for (const name of commandsIn(await helpOf())) await visit([name]);
  expect(explained).toContain('gatehouse keys token create');
});

describe.each(['models', 'eval', 'emrtd', 'pki', 'chip'])('the group %s', (group) => {
  const run = async (...args: string[]) => {
    let out = '', err = '';
    const io = {
      stdout: (text: string) => void (out += text),
      stderr: (text: string) => void (err += text),
    };
    return { code: await runCommandLine([group, ...args], io), out, err };
  };

  test('explains itself', async () => {
    const { code, out } = await run('-h');
    expect(code).toBe(0);
    expect(out).toStartWith(`Usage: gatehouse ${group} <command> [options]\n`);
  });

  test('refuses no command and the names of object members', async () => {
    for (const args of [[], ['toString']]) {
      const { code, err } = await run(...args);
      expect(code).toBe(2);
      expect(err).toContain(`${group} needs one of `);
    }
  });
});
