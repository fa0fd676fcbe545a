/** A PAD calibration with chosen thresholds, for tests of what is made of it. */
import { LIVENESS_LEVELS, TARGET_APCER } from '../../../biometrics/liveness/mod.ts';
import { checkPadCalibration, type PadCalibration } from '../../../biometrics/liveness/mod.ts';

/**
 * Two detectors of one feature each, weight 1, no bias.
 * @param thresholds one per level, rising; null for a level that is not supported
 */
export function padCalibrationWith(thresholds: readonly (number | null)[]): PadCalibration {
  const detector = (id: string) => ({
    id,
    features: [{ name: 'value', mean: 0, scale: 1, linear: 1, square: 0 }],
    bias: 0,
    weight: 1,
  });
  return checkPadCalibration({
    format: 'gatehouse-pad-calibration',
    formatVersion: 1,
    data: {
      name: 'made up',
      attacks: 'synthetic',
      people: 10,
      bonaFide: 4000,
      species: { print: 4000 },
      withoutFace: { bonaFide: 0, attack: 0 },
    },
    run: { date: '2026-01-01', command: 'none' },
    detectors: [detector('one'), detector('other')],
    bias: 0,
    levels: LIVENESS_LEVELS.map((level, i) => ({
      level,
      targetApcer: TARGET_APCER[level],
      threshold: thresholds[i],
      species: 'print',
      attacks: 4000,
      passed: 0,
      apcerInterval: [0, 0.0009],
      bonaFide: 4000,
      refused: 0,
      bpcer: 0,
      bpcerInterval: [0, 0.0009],
      supported: thresholds[i] !== null,
      reason: thresholds[i] === null ? 'too few attacks' : 'enough attacks',
    })),
  });
}
