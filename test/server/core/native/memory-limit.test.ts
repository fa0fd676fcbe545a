/** The memory of all networks together: sessions that share it fail beyond the limit, and not below. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { buildDefaultPack } from '../../../../models/mod.ts';
import { DEFAULT_PACK } from '../../../../server/core/model-pack.ts';
import type { MemoryLimitProbe } from '../../support/memory-limit-probe.ts';

const PROGRAM = join(import.meta.dir, '../../support/memory-limit-probe.ts');

async function probe(bytes: number): Promise<MemoryLimitProbe> {
  await buildDefaultPack({ outDir: DEFAULT_PACK });
  const child = Bun.spawn([process.execPath, PROGRAM, DEFAULT_PACK, String(bytes)], {
    stdout: 'pipe',
    stderr: 'ignore',
  });
  const text = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return JSON.parse(text);
}

test('a network that needs more than the limit fails, one with memory of its own does not', async () => {
  const { own, shared } = await probe(1_000_000);
  expect(own).toBe('ok');
  expect(shared).toContain('is smaller than requested bytes');
});

test('a network that needs less runs, and there is one limit', async () => {
  const { own, shared, twice } = await probe(100_000_000);
  expect([own, shared]).toEqual(['ok', 'ok']);
  expect(twice).toBe('memory is limited already');
});
