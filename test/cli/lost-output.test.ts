/** Output that cannot be written is an error of its own: no stack trace, and not the code of "no match". */
import { expect, test } from 'bun:test';
import { EXIT } from '../../cli/command.ts';

const main = new URL('../../main.ts', import.meta.url).pathname;

/** Runs `gatehouse version` with `rest` after it in a shell. */
async function version(rest: string): Promise<{ code: number; stderr: string }> {
  const command = `set -o pipefail; "$0" "$1" version ${rest}`;
  const child = Bun.spawn(['bash', '-c', command, process.execPath, main], {
    stdout: 'ignore',
    stderr: 'pipe',
  });
  const stderr = await new Response(child.stderr).text();
  return { code: await child.exited, stderr };
}

test('a full disk is told in one line, exit code 4', async () => {
  const { code, stderr } = await version('> /dev/full');
  expect(code).toBe(EXIT.environment);
  expect(stderr).toMatch(/^gatehouse: the output cannot be written: ENOSPC.*\n$/);
});

test('a reader that has left is no news, exit code 4', async () => {
  expect(await version('| true')).toEqual({ code: EXIT.environment, stderr: '' });
});
