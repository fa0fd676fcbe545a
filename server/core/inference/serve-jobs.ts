/**
 * The worker's side of the pool: sets up once, then answers one job at a time. Everything a job throws
 * goes back as an answer; only what breaks outside a job ends the worker.
 */
import { releaseFreeMemory } from '../native/heap.ts';
import { Tidying } from '../native/tidying.ts';
import { type FromWorker, toWire, type ToWorker } from './messages.ts';

declare const self: Worker;

/**
 * Call once in a worker entry.
 * @param setUp runs on the pool's `init` message and returns the function that does a job.
 */
export function serveJobs<Init, Job, Result>(
  setUp: (init: Init) => Promise<(job: Job) => Promise<Result>>,
): void {
  let run: ((job: Job) => Promise<Result>) | undefined;
  const tidying = new Tidying(releaseFreeMemory);
  const answer = (message: FromWorker<Result>): void => self.postMessage(message);

  self.onmessage = async (event: MessageEvent<ToWorker<Init, Job>>) => {
    const message = event.data;
    if (message.type === 'init') {
      try {
        run = await setUp(message.init);
        answer({ type: 'ready' });
      } catch (error) {
        answer({ type: 'refused', error: toWire(error) });
      }
      return;
    }
    try {
      if (run === undefined) throw new Error('job before init');
      answer({ type: 'done', id: message.id, result: await run(message.job) });
    } catch (error) {
      answer({ type: 'failed', id: message.id, error: toWire(error) });
    } finally {
      tidying.worked();
    }
  };
}
