/** The liveness detectors of a model pack, ready to measure pictures. */
import { FaceError } from '../errors.ts';
import type { Pack } from '../../models/mod.ts';
import { type PadCalibration, parsePadCalibration } from './calibration.ts';
import type { PadDetector } from './detector.ts';
import { PIXEL_DETECTORS } from './detectors/mod.ts';
import type { NetworkLoader } from '../runtime/network.ts';
import type { FaceScene } from '../scene.ts';
import { measureScene, verdictsOf } from './measure.ts';
import type { DetectorVerdict } from './verdict.ts';
import { createNetworkDetectors } from './network-detector.ts';

/**
 * Every detector of a pack, in the order in which they run: those that need no network, then one for each
 * network of task `pad`.
 */
export async function livenessDetectors(
  pack: Pack,
  loader: NetworkLoader,
): Promise<readonly PadDetector[]> {
  return [...PIXEL_DETECTORS, ...await createNetworkDetectors(pack, loader)];
}

export interface LivenessMeter {
  /**
   * One verdict for each detector of the pack's calibration.
   * @throws FaceError PACK_INCOMPLETE when the pack is not calibrated for liveness, CALIBRATION_INVALID
   */
  judge(scene: FaceScene): Promise<readonly DetectorVerdict[]>;
}

/** Calibration and networks are loaded when first asked for, so that a pack without them does all the rest. */
export function createLivenessMeter(pack: Pack, loader: NetworkLoader): LivenessMeter {
  let parts: Promise<readonly [PadCalibration, readonly PadDetector[]]> | undefined;
  const load = () => Promise.all([padCalibrationOf(pack), livenessDetectors(pack, loader)]);
  return {
    async judge(scene) {
      const [calibration, detectors] = await (parts ??= load());
      return verdictsOf(calibration, detectors, await measureScene(detectors, scene));
    },
  };
}

/** @throws FaceError PACK_INCOMPLETE when the pack has none, CALIBRATION_INVALID */
export async function padCalibrationOf(pack: Pack): Promise<PadCalibration> {
  const path = pack.manifest.calibration.pad;
  if (path === undefined) {
    throw new FaceError('PACK_INCOMPLETE', 'model pack: not calibrated for liveness');
  }
  return parsePadCalibration(await pack.read(path));
}
