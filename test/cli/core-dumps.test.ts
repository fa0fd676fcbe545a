/** A process that refuses core dumps leaves none, whatever the limit was that it was started with. */
import { expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODULE = join(import.meta.dir, '../../cli/core-dumps.ts');
/** Where the kernel writes a core file itself, the test can see that there would be one. */
const isPlain = /^[^|/]/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'));

/** Files that a process leaves in its folder that ends by a signal. */
function left(script: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-core-'));
  try {
    const crash = `${script}; process.kill(process.pid, 'SIGABRT'); await Bun.sleep(10_000);`;
    const command = ['sh', '-c', 'ulimit -c unlimited && exec "$@"', 'sh', process.execPath];
    Bun.spawnSync([...command, '-e', crash], { cwd: folder });
    return readdirSync(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const plain = isPlain && process.getuid?.() === 0 ? test : test.skip;

plain('a crash leaves no core file; without the refusal it would', () => {
  expect(left('')).toHaveLength(1);
  expect(left(`const { refuseCoreDumps } = await import('${MODULE}'); refuseCoreDumps()`))
    .toEqual([]);
}, 30_000);

test('the limit is nothing, and can be raised no more', () => {
  const script = `const { refuseCoreDumps } = await import('${MODULE}'); refuseCoreDumps();
    console.log(await Bun.file('/proc/self/limits').text())`;
  const { stdout } = Bun.spawnSync([process.execPath, '-e', script]);
  expect(stdout.toString()).toMatch(/Max core file size\s+0\s+0\s/);
});
