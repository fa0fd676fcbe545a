import { describe, expect, test } from 'bun:test';
import { runCommandLine } from '../../cli/mod.ts';

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
