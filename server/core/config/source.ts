/** What one source of settings gives: values not yet checked, and what is wrong with the source itself. */
import { resolve } from 'node:path';
import type { Problem } from './problem.ts';
import { readSecretFile } from './secret-file.ts';

/** A value before it is checked. */
export interface Given {
  readonly raw: unknown;
  /** `FILE:LINE`, `VARIABLE` or `--option`. */
  readonly from: string;
  /** What relative paths are taken from. */
  readonly folder: string;
}

export interface Source {
  /** By the names of settings. */
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly Problem[];
  /** Files that were read. */
  readonly files: readonly string[];
}

/** A source while it is read. */
export class Gathering implements Source {
  readonly given = new Map<string, Given>();
  readonly problems: Problem[] = [];
  readonly files: string[] = [];

  /** Gives a setting the text of a secret file; `key` is what names the file. */
  addSecretFile(name: string, key: string, { raw: path, from, folder }: Given): void {
    if (typeof path !== 'string' || path === '' || path.includes('\0')) {
      this.problems.push({ key, from, reason: 'must be the path of a file' });
      return;
    }
    const absolute = resolve(folder, path);
    this.files.push(absolute);
    const secret = readSecretFile(absolute);
    if ('text' in secret) this.given.set(name, { raw: secret.text, from, folder });
    else this.problems.push({ key, from, reason: secret.fault });
  }
}
