/** One of the crew: films a sequence with the locator of the product and measures it. */
import '../../server/core/native/libraries.ts';
import type { Job, Take } from './crew.ts';
import { deepestBlinks, microOf, movementOf, snrOf } from './measures.ts';
import { openStudio } from './studio.ts';

declare const self: Worker;

const studio = openStudio();

self.onmessage = async ({ data: job }: MessageEvent<Job>) => {
  if (job.measure === 'burst') {
    const burst = await (await studio).burst(job.person, job.plan, job.seed);
    return self.postMessage({ job, burst } satisfies Take);
  }
  const frames = await (await studio).film(job.person, job.plan, job.seed);
  const take: Take = job.measure === 'movement'
    ? { job, movement: movementOf(frames) }
    : job.measure === 'micro-motion'
    ? { job, micro: microOf(frames) }
    : job.measure === 'blinks'
    ? { job, blinks: deepestBlinks(frames) }
    : { job, snrDb: snrOf(frames) };
  self.postMessage(take);
};
