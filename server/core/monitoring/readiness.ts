/** Whether this server can take work now: named checks, each with its reason when it fails. */
import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One thing that has to hold. */
export interface ReadinessCheck {
  readonly check: string;
  /** Undefined when it holds, else why not; nothing in it is secret. A rejection counts as a failure. */
  readonly test: () => string | undefined | Promise<string | undefined>;
}

/** The body of the answer. */
export interface ReadinessAnswer {
  readonly ready: boolean;
  readonly checks: readonly {
    readonly check: string;
    readonly status: 'passed' | 'failed';
    readonly reason: string;
  }[];
}

/** Makes every check; ready when all hold. */
export async function judgeReadiness(checks: readonly ReadinessCheck[]): Promise<ReadinessAnswer> {
  const results = await Promise.all(checks.map(async ({ check, test }) => {
    try {
      const reason = await test();
      return {
        check,
        status: reason === undefined ? 'passed' : 'failed',
        reason: reason ?? '',
      } as const;
    } catch {
      return { check, status: 'failed', reason: 'the check itself failed' } as const;
    }
  }));
  return { ready: results.every(({ status }) => status === 'passed'), checks: results };
}

/** How long an answer about the folder is good for: probes must not turn into load on the disk. */
const REMEMBERED_MS = 5_000;

/** Writes a file into the folder and takes it away again, at most once in five seconds. */
export function writableFolder(check: string, folder: string): ReadinessCheck {
  let last: Promise<string | undefined> | undefined;
  let lastMs = -Infinity;
  return {
    check,
    test: () => {
      if (last === undefined || performance.now() - lastMs > REMEMBERED_MS) {
        lastMs = performance.now();
        last = tryWriting(folder);
      }
      return last;
    },
  };
}

async function tryWriting(folder: string): Promise<string | undefined> {
  const path = join(folder, `.writable-${process.pid}`);
  try {
    await writeFile(path, 'x', { mode: 0o600 });
    await unlink(path);
    return undefined;
  } catch (error) {
    return `cannot be written: ${(error as { code?: string }).code ?? 'unknown'}`;
  }
}
