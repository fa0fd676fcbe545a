/** Worker entry: measures presentations with the liveness detectors of a pack, one at a time. */
// Must stay first: nothing below may load ONNX Runtime before the environment is prepared.
import '../../server/core/native/libraries.ts';
import { FaceError } from '../../biometrics/errors.ts';
import { readFaceInput } from '../../biometrics/formats/face-input.ts';
import { decodePicture } from '../../biometrics/image/decode.ts';
import {
  livenessDetectors,
  measureScene,
  type PadMeasurements,
} from '../../biometrics/liveness/mod.ts';
import { createFaceLocator } from '../../biometrics/locate.ts';
import { WORKING_SIDE } from '../../biometrics/pipeline.ts';
import { createOnnxLoader } from '../../biometrics/runtime/network.ts';
import { PackError } from '../../models/errors.ts';
import { openPack } from '../../models/open.ts';
import { serveJobs } from '../../server/core/inference/serve-jobs.ts';
import type { PadJob, PadWorkerInit } from './pad-measure.ts';

serveJobs<PadWorkerInit, PadJob, PadMeasurements | null>(async ({ packPath, packId }) => {
  const pack = await openPack(packPath);
  if (pack.id !== packId) {
    throw new PackError('PACK_HASH_MISMATCH', 'the pack changed after it was opened');
  }
  const loader = createOnnxLoader(pack);
  const locator = await createFaceLocator(pack, loader);
  const detectors = await livenessDetectors(pack, loader);
  return async ({ frames }) => {
    const measured: PadMeasurements[] = [];
    for (const { name, image } of frames) {
      try {
        const bytes = readFaceInput(image).image;
        const picture = await decodePicture(bytes, { maxSide: WORKING_SIDE });
        measured.push(await measureScene(detectors, (await locator.locate(picture)).scene));
      } catch (error) {
        if (!(error instanceof FaceError)) throw error;
        if (error.code !== 'NO_FACE') throw new FaceError(error.code, `${name}: ${error.message}`);
      }
    }
    return average(measured);
  };
});

/** The mean of each feature over the frames that could be judged; null without any. */
function average(frames: readonly PadMeasurements[]): PadMeasurements | null {
  if (frames.length < 2) return frames[0] ?? null;
  return Object.fromEntries(
    Object.keys(frames[0]).map((id) => {
      const rows = frames.map((frame) => frame[id]).filter((row) => row !== null);
      const mean = rows[0]?.map((_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length);
      return [id, mean ?? null];
    }),
  );
}
