/** Runs detectors over a scene, and turns what they measured into verdicts under a calibration. */
import { FaceError } from '../errors.ts';
import type { FaceScene } from '../scene.ts';
import type { DetectorCalibration, PadCalibration, VetoCalibration } from './calibration.ts';
import type { PadDetector, PadMeasurements } from './detector.ts';
import { FaceView } from './face-view.ts';
import { logOdds, sigmoid } from './logistic.ts';
import { type DetectorVerdict, vetoName } from './verdict.ts';

export async function measureScene(
  detectors: readonly PadDetector[],
  scene: FaceScene,
): Promise<PadMeasurements> {
  const view = FaceView.of(scene);
  const found: Record<string, readonly number[] | null> = {};
  for (const { id, features, measure } of detectors) {
    const values = view === undefined ? undefined : await measure({ scene, view }, found);
    if (values !== undefined && values.length !== features.length) {
      throw new RangeError(
        `detector ${id}: ${values.length} values for ${features.length} features`,
      );
    }
    found[id] = values?.every(Number.isFinite) ? values : null;
  }
  return found;
}

/**
 * One verdict for each detector of the calibration, in its order, then one for each veto: a rule that can
 * only refuse.
 * @throws FaceError CALIBRATION_INVALID when the calibration lists other features than a detector has,
 *   or a detector that is not there
 */
export function verdictsOf(
  calibration: PadCalibration,
  detectors: readonly PadDetector[],
  measured: PadMeasurements,
): DetectorVerdict[] {
  return [
    ...calibration.detectors.map((entry) => verdictOf(entry, detectors, measured)),
    ...calibration.vetoes.map((veto) => vetoVerdict(veto, detectors, measured)),
  ];
}

function verdictOf(
  entry: DetectorCalibration,
  detectors: readonly PadDetector[],
  measured: PadMeasurements,
): DetectorVerdict {
  const detector = detectors.find(({ id }) => id === entry.id);
  const names = entry.features.map(({ name }) => name).join();
  if (detector === undefined || detector.features.join() !== names) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `pad calibration: no detector ${entry.id} with these features`,
    );
  }
  const values = measured[entry.id] ?? null;
  if (values === null) {
    const reason = 'the face is too small or too plain to judge';
    return { detector: entry.id, score: 0.5, confidence: 0, reason };
  }
  const score = sigmoid(logOdds(entry, values));
  const { attack, bonaFide } = detector.words;
  return { detector: entry.id, score, confidence: 1, reason: score < 0.5 ? attack : bonaFide };
}

function vetoVerdict(
  { detector: id, below }: VetoCalibration,
  detectors: readonly PadDetector[],
  measured: PadMeasurements,
): DetectorVerdict {
  const detector = detectors.find((candidate) => candidate.id === id);
  if (detector?.ownOdds === undefined) {
    throw new FaceError('CALIBRATION_INVALID', `pad calibration: ${id} cannot refuse on its own`);
  }
  const values = measured[id] ?? null;
  const refuses = values !== null && detector.ownOdds(values) < below;
  return {
    detector: vetoName(id),
    score: refuses ? 0 : 1,
    confidence: values === null ? 0 : 1,
    reason: refuses ? detector.words.attack : 'no reason to refuse',
  };
}
