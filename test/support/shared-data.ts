/**
 * Finds the optional test data beside the project (`../shared/data`). Tests that need it skip with a
 * clear message when it is absent; with CI set, a skip of data that exists is impossible because the
 * decision is the existence of the very path the test reads.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'bun:test';

const root = resolve(import.meta.dir, '../../../shared/data');

/** Absolute path inside the test data folder. */
export function sharedPath(path: string): string {
  return join(root, path);
}

/**
 * `describe` that runs only when every named path of the test data exists; otherwise one skipped test
 * says what is missing. The body may read the data while it registers its tests.
 */
export function describeWithData(name: string, paths: string[], body: () => void): void {
  const missing = paths.filter((path) => !existsSync(sharedPath(path)));
  if (missing.length === 0) describe(name, body);
  else {
    test.skip(`${name} [skipped: no test data at ../shared/data/${missing.join(', ')}]`, () => {});
  }
}
