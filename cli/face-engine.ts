/** The face engine of commands that work on a few pictures: loaded into this process, progress on stderr. */
import '../server/core/native/libraries.ts';
import {
  type AnalyseOptions,
  createFacePipeline,
  FaceError,
  type FacePipeline,
  type MatchCalibration,
  parseCalibration,
} from '../biometrics/mod.ts';
import { readFaceInput } from '../biometrics/formats/mod.ts';
import { parseQualityCalibration, type QualityCalibration } from '../biometrics/quality/mod.ts';
import { openPack, type Pack } from '../models/mod.ts';
import type { ServerConfig } from '../server/core/config/mod.ts';
import type { CommandIo } from './command.ts';
import { choosePack } from './pack-choice.ts';
import { readPictureFile } from './picture-file.ts';
import { reportProgress } from './progress.ts';

export interface FaceEngine {
  readonly pack: Pack;
  readonly pipeline: FacePipeline;
}

/**
 * @param named a pack folder or .gpack file instead of the pack of `config`
 * @throws PackError, FaceError
 */
export async function openFaceEngine(
  io: CommandIo,
  named?: string,
  config?: Pick<ServerConfig, 'pack' | 'packKeys'>,
): Promise<FaceEngine> {
  const { path, trust } = await choosePack(named, reportProgress(io), config);
  const pack = await openPack(path, trust);
  return { pack, pipeline: await createFacePipeline(pack) };
}

/**
 * Analyses a picture or face record.
 * @throws FaceError as the pipeline, naming the file; the system's own error when it cannot be read
 */
export async function analyseFile(
  { pipeline }: FaceEngine,
  path: string,
  options?: AnalyseOptions,
) {
  const bytes = await readPictureFile(path);
  try {
    return await pipeline.inspect(readFaceInput(bytes).image, options);
  } catch (error) {
    if (!(error instanceof FaceError)) throw error;
    throw new FaceError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

/**
 * The calibration of a pack for the embedders it holds.
 * @throws FaceError PACK_INCOMPLETE or CALIBRATION_INVALID
 */
export async function matchCalibration(engine: FaceEngine): Promise<MatchCalibration> {
  return await calibrationFor(engine, 'match', 'matching', parseCalibration);
}

/**
 * The calibration of the quality score and gates for the embedders a pack holds.
 * @throws FaceError PACK_INCOMPLETE or CALIBRATION_INVALID
 */
export async function qualityCalibration(engine: FaceEngine): Promise<QualityCalibration> {
  return await calibrationFor(engine, 'quality', 'quality', parseQualityCalibration);
}

async function calibrationFor<T extends { readonly modelId: string }>(
  { pack, pipeline }: FaceEngine,
  kind: 'match' | 'quality',
  purpose: string,
  parse: (bytes: Uint8Array) => T,
): Promise<T> {
  const path = pack.manifest.calibration[kind];
  if (path === undefined) {
    throw new FaceError('PACK_INCOMPLETE', `model pack: not calibrated for ${purpose}`);
  }
  const calibration = parse(await pack.read(path));
  if (calibration.modelId !== pipeline.modelId) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `calibration: made for model ${calibration.modelId}, the pack holds ${pipeline.modelId}`,
    );
  }
  return calibration;
}
