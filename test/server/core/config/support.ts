/** Configuration files in a folder of the test, and what comes of reading them. */
import { afterAll } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConfigInput,
  describeProblem,
  readConfig,
} from '../../../../server/core/config/mod.ts';

export interface ConfigFolder {
  readonly path: string;
  /** Writes a file, for its owner alone unless told otherwise, and returns its path. */
  write(name: string, contents: string | Uint8Array, mode?: number): string;
}

/** A folder that is there until the tests of the file are done. */
export function configFolder(): ConfigFolder {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
  afterAll(() => rmSync(path, { recursive: true }));
  return {
    path,
    write(name, contents, mode = 0o600) {
      const file = join(path, name);
      writeFileSync(file, contents);
      chmodSync(file, mode);
      return file;
    },
  };
}

export interface Told {
  readonly file?: string;
  readonly env?: Record<string, string>;
  readonly options?: ConfigInput;
}

/** What is wrong, one text for each problem. */
export function problemsOf({ env = {}, ...told }: Told): string[] {
  return readConfig({ env, ...told }).problems.map(describeProblem);
}
