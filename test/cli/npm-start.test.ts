/** `npm start`, as the README says it: one server, which ends when npm is told to end. */
import { expect, test } from 'bun:test';

const root = new URL('../..', import.meta.url).pathname;

test('npm start serves; SIGTERM to npm drains the server and leaves nothing behind', async () => {
  const npm = Bun.spawn(['npm', 'start', '--silent'], {
    cwd: root,
    env: { ...process.env, GATEHOUSE_PORT: '0', GATEHOUSE_WORKERS: '1' },
    stdout: 'pipe',
    stderr: 'ignore',
  });
  // The pipe ends when the last process that holds it has ended.
  let log = '', told = false;
  for await (const chunk of npm.stdout.pipeThrough(new TextDecoderStream())) {
    log += chunk;
    if (!told && log.includes('"engine-ready"')) npm.kill('SIGTERM');
    told = log.includes('"engine-ready"');
  }
  expect(log).toContain('"event":"stopped","complete":true');
  await npm.exited;
}, 30_000);
