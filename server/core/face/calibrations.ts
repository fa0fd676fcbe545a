/** What a pack was calibrated for: matching always, liveness and quality where it says so. */
import { FaceError } from '../../../biometrics/errors.ts';
import { type PadCalibration, parsePadCalibration } from '../../../biometrics/liveness/mod.ts';
import { type MatchCalibration, parseCalibration } from '../../../biometrics/match/calibration.ts';
import {
  parseQualityCalibration,
  type QualityCalibration,
} from '../../../biometrics/quality/mod.ts';
import type { Pack } from '../../../models/mod.ts';

export interface Calibrations {
  readonly match: MatchCalibration;
  readonly pad?: PadCalibration;
  readonly quality?: QualityCalibration;
}

/**
 * @throws FaceError PACK_INCOMPLETE without a calibration for matching, CALIBRATION_INVALID; PackError when
 * a file cannot be read
 */
export async function readCalibrations(pack: Pack): Promise<Calibrations> {
  const { match, pad, quality } = pack.manifest.calibration;
  if (match === undefined) {
    throw new FaceError('PACK_INCOMPLETE', 'model pack: no calibration for matching');
  }
  const calibrations = {
    match: parseCalibration(await pack.read(match)),
    ...(pad !== undefined && { pad: parsePadCalibration(await pack.read(pad)) }),
    ...(quality !== undefined && { quality: parseQualityCalibration(await pack.read(quality)) }),
  };
  const { modelId } = calibrations.match;
  if (calibrations.quality !== undefined && calibrations.quality.modelId !== modelId) {
    throw new FaceError('CALIBRATION_INVALID', 'quality calibration: made for another model');
  }
  return calibrations;
}
