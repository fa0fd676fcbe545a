/** A worker entry for pool tests: its init and its jobs say how it should behave. */
import { serveJobs } from '../../../server/core/inference/serve-jobs.ts';
import { FaceError } from '../../../biometrics/errors.ts';

export interface FakeInit {
  readonly refuse?: boolean;
  readonly exitAtStart?: boolean;
}

export type FakeJob =
  | { readonly do: 'echo'; readonly value: unknown }
  /** Blocks the worker's thread, as a native run does. */
  | { readonly do: 'block'; readonly ms: number }
  | { readonly do: 'exit' }
  | { readonly do: 'throw-outside' }
  | { readonly do: 'face-error' }
  | { readonly do: 'length'; readonly bytes: Uint8Array };

serveJobs<FakeInit, FakeJob, unknown>(async (init) => {
  if (init.exitAtStart) process.exit(7);
  if (init.refuse) throw new FaceError('PACK_INCOMPLETE', 'pack has no detector');
  return async (job) => {
    if (job.do === 'echo') return job.value;
    if (job.do === 'length') return job.bytes.length;
    if (job.do === 'exit') process.exit(3);
    if (job.do === 'block') {
      Bun.sleepSync(job.ms);
      return 'woke';
    }
    if (job.do === 'throw-outside') {
      setTimeout(() => {
        throw new Error('outside of the job');
      });
      return await new Promise(() => {});
    }
    throw new FaceError('NO_FACE', 'no face in it');
  };
});
