/** What was freed does not stay in memory. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';

const PROCESS = join(import.meta.dir, '../../support/forgetting-process.ts');
/** To read its own memory page by page, a process has to see the page map. */
const canLook = process.platform === 'linux';

test.skipIf(!canLook)('texts that are let go are overwritten, all but a few', () => {
  const child = Bun.spawnSync([process.execPath, PROCESS], { stderr: 'inherit' });
  expect(child.exitCode).toBe(0);
  const { before, after } = JSON.parse(child.stdout.toString());
  expect(before).toBeGreaterThan(100);
  expect(after).toBeLessThan(before / 10);
});
