/** The liveness detectors of a model pack, ready to measure pictures. */
import { FaceError } from '../errors.ts';
import type { Pack } from '../../models/mod.ts';
import { type PadCalibration, parsePadCalibration } from './calibration.ts';
import type { PadDetector } from './detector.ts';
import { PIXEL_DETECTORS } from './detectors/mod.ts';
import type { NetworkLoader } from '../runtime/network.ts';
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

/** @throws FaceError PACK_INCOMPLETE when the pack has none, CALIBRATION_INVALID */
export async function padCalibrationOf(pack: Pack): Promise<PadCalibration> {
  const path = pack.manifest.calibration.pad;
  if (path === undefined) {
    throw new FaceError('PACK_INCOMPLETE', 'model pack: not calibrated for liveness');
  }
  return parsePadCalibration(await pack.read(path));
}
