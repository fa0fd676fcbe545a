/** Where a worker starts: a module of the checkout, or the same module inside the compiled program. */
import { IS_COMPILED } from '../model-pack.ts';

/** @param entry path of the module from the root of the project; `build.ts` lists all of them */
export function workerUrl(entry: string): string {
  // in the compiled program all modules share one root and entries keep their path below it
  return IS_COMPILED
    ? `file:///$bunfs/root/${entry}`
    : new URL(`../../../${entry}`, import.meta.url).href;
}
