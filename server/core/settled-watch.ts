/**
 * Tells that files have changed and are no longer being written: a change counts once two looks in a row see
 * the same. A file that takes the place of another by renaming is a change like any other.
 */
import { statSync } from 'node:fs';

/** What each watched thing looks like: something that is different after every change of it. */
export type Looks = ReadonlyMap<string, string>;

/** The looks of a file; the same text while nobody touches it. */
export function lookOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [path, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return `${path} absent`;
  }
}

export class SettledWatch {
  readonly #look: () => Looks;
  #accepted: Map<string, string>;
  #last: Looks;

  /** @param look how everything looks now; what it has not had before is known at first sight */
  constructor(look: () => Looks) {
    this.#look = look;
    this.#last = look();
    this.#accepted = new Map(this.#last);
  }

  /** True once for each change that has settled. */
  poll(): boolean {
    const now = this.#look();
    const settled = !differs(now, this.#last);
    this.#last = now;
    if (settled && differs(now, this.#accepted)) {
      this.#accepted = new Map(now);
      return true;
    }
    this.#learn(now);
    return false;
  }

  /** What has not been there before is known as it is now. Call before reading it. */
  learn(): void {
    this.#learn(this.#look());
  }

  #learn(now: Looks): void {
    for (const [name, look] of now) {
      if (!this.#accepted.has(name)) this.#accepted.set(name, look);
    }
  }

  /** What is there now is known. Call before reading it, so that a change during the reading is seen. */
  accept(): void {
    this.#last = this.#look();
    this.#accepted = new Map(this.#last);
  }
}

/** Whether anything looks other than before. */
function differs(now: Looks, before: Looks): boolean {
  return [...now].some(([name, look]) => (before.get(name) ?? look) !== look);
}
