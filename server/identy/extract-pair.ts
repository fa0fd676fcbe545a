/** Two pictures of one request that may be measured side by side. */
import { FaceError } from '../../biometrics/errors.ts';
import type { AnalyseOptions } from '../../biometrics/pipeline.ts';
import type { Extraction, FaceService } from '../core/face/service.ts';

interface Wanted {
  /** Moves to a worker: do not use it afterwards. */
  readonly image: Uint8Array<ArrayBuffer>;
  readonly options?: AnalyseOptions;
}

/**
 * Both run at once. A first picture that fails ends the second; a second that finds no room or no worker
 * ends the first. Of two bad pictures the caller reports the first.
 * @param signal gives the work up
 */
export async function extractPair(
  first: Wanted,
  second: Wanted,
  faces: Pick<FaceService, 'extract'>,
  signal: AbortSignal,
): Promise<[PromiseSettledResult<Extraction>, PromiseSettledResult<Extraction>]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  return await Promise.allSettled([
    faces.extract(first.image, either, first.options).catch((error) => {
      stop.abort(error);
      throw error;
    }),
    faces.extract(second.image, either, second.options).catch((error) => {
      if (!(error instanceof FaceError)) stop.abort(error);
      throw error;
    }),
  ]);
}
