/** The reader of test reports tells what passed from what did not. */
import { expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJunit } from './junit.ts';

const TESTS = `
import { describe, expect, test } from 'bun:test';
describe('a & b', () => {
  describe('c', () => {
    test('holds: "q" <x> \\'y\\'', () => {});
    test('fails', () => expect('<testcase name="no">').toBe('</testsuite>'));
  });
  test.skip('left out', () => {});
});
test('alone', () => {});
`;

test('a report of bun names every test by its groups, and only what passed as passed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-junit-'));
  await Bun.write(join(folder, 'a.test.ts'), TESTS);
  const report = join(folder, 'report.xml');
  await Bun.spawn(
    [process.execPath, 'test', './a.test.ts', '--reporter=junit', `--reporter-outfile=${report}`],
    { cwd: folder, stdout: 'ignore', stderr: 'ignore' },
  ).exited;
  expect(readJunit(await Bun.file(report).text())).toEqual([
    { path: ['a & b', 'c', `holds: "q" <x> 'y'`], passed: true },
    { path: ['a & b', 'c', 'fails'], passed: false },
    { path: ['a & b', 'left out'], passed: false },
    { path: ['alone'], passed: true },
  ]);
  await rm(folder, { recursive: true });
});
