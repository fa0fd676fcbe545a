/** SIGTERM and SIGINT end the server gracefully; a second one does not wait. */
import type { RunningServer } from './mod.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** 128 + SIGINT, the shell's convention for a program that was interrupted. */
const INTERRUPTED = 130;

/** Resolves when a signal came and the server has stopped; the caller then ends with exit code 0. */
export function stopOnSignal(server: Pick<RunningServer, 'stop'>): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(INTERRUPTED);
        asked = true;
        server.stop().then(resolve);
      });
    }
  });
}
