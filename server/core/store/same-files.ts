/**
 * Whether files are still the ones that were opened. A file that was removed or moved away can be written as
 * before, and what is written then is lost when it is closed.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';

export class SameFiles {
  readonly #paths: readonly string[];
  readonly #seen = new Map<string, string>();

  /** @param paths each is known as it is when it is first there */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.check();
  }

  /** @throws Error naming a file that is gone, or another one than before */
  check(): void {
    for (const path of this.#paths) {
      const found = statSync(path, { throwIfNoEntry: false });
      const now = found && `${found.dev} ${found.ino}`;
      const before = this.#seen.get(path);
      if (before === undefined && now !== undefined) this.#seen.set(path, now);
      if (before === undefined || now === before) continue;
      const name = basename(path);
      throw new Error(
        now === undefined
          ? `${name} was removed: put it back, or restart the server`
          : `${name} is another file than the one that was opened: restart the server`,
      );
    }
  }
}
