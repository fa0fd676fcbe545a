/** Films and measures sequences in one worker per core. */
import { availableParallelism } from 'node:os';
import type { MicroMotion } from '../../biometrics/liveness/sequence/micro-motion.ts';
import type { Parallax } from '../../biometrics/liveness/sequence/parallax.ts';
import type { BurstMeasures } from './burst-measures.ts';
import type { SequencePlan } from './sequence.ts';
import type { Person } from './studio.ts';

export interface Job {
  readonly person: Person;
  readonly plan: SequencePlan;
  readonly seed: number;
  readonly measure: 'movement' | 'micro-motion' | 'blinks' | 'pulse' | 'burst';
}

/** What its job asked for; undefined where the face could not be followed. */
export interface Take {
  readonly job: Job;
  readonly movement?: Parallax;
  readonly micro?: MicroMotion;
  /** Depth of the deepest blink by refined eyes and by the mesh alone. */
  readonly blinks?: { readonly refined: number; readonly mesh: number };
  readonly snrDb?: number;
  readonly burst?: BurstMeasures;
}

/** One take per job, in any order. */
export async function filmAll(jobs: readonly Job[]): Promise<Take[]> {
  const waiting = [...jobs], takes: Take[] = [];
  const count = Math.min(availableParallelism(), jobs.length);
  await Promise.all(Array.from({ length: count }, async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      takes.push(await ask(worker, job));
    }
    worker.terminate();
  }));
  return takes;
}

function ask(worker: Worker, job: Job): Promise<Take> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Take>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(job);
  });
}
