/** Worker entry: one face pipeline with its own networks, one picture at a time. */
// Must stay first: nothing below may load ONNX Runtime before the environment is prepared.
import '../native/libraries.ts';
import { releaseFreeMemory } from '../native/heap.ts';
import { FaceError } from '../../../biometrics/errors.ts';
import { readFaceInput } from '../../../biometrics/formats/face-input.ts';
import { createFacePipeline } from '../../../biometrics/pipeline.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { PackError } from '../../../models/errors.ts';
import { openPack } from '../../../models/open.ts';
import { serveJobs } from '../inference/serve-jobs.ts';
import type { FaceJob, FaceResult, FaceWorkerInit } from './pool.ts';

serveJobs<FaceWorkerInit, FaceJob, FaceResult>(async (init) => {
  const { packPath, packId, modelId, runtime } = init;
  const pack = await openPack(packPath);
  if (pack.id !== packId) {
    throw new PackError('PACK_HASH_MISMATCH', 'the pack changed after it was opened');
  }
  const pipeline = await createFacePipeline(pack, createOnnxLoader(pack, runtime));
  if (pipeline.modelId !== modelId) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `calibration: made for model ${modelId}, the pack is ${pipeline.modelId}`,
    );
  }
  releaseFreeMemory();
  return async (job) => {
    try {
      const { image } = readFaceInput(job.image);
      return job.kind === 'judge'
        ? await pipeline.judge(image)
        : await pipeline.analyse(image, job);
    } finally {
      // the picture of a person is this worker's own
      job.image.fill(0);
    }
  };
});
