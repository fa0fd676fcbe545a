/**
 * The unified quality score, 0..100 (the idea of ISO/IEC 29794-5:2024, 7.2): how well a picture can be
 * expected to be recognised. 0: two such pictures of one person are expected to be no more alike than
 * strangers; 100: as good as the best hundredth of the calibration's pictures.
 */
import { FaceError } from '../errors.ts';
import type { ScoreModel } from './calibration.ts';

/** Values of a picture by name. */
export type QualityInputs = Readonly<Record<string, number>>;

/**
 * @returns 0..100, not rounded
 * @throws FaceError CALIBRATION_INVALID when an input that the calibration names is missing
 */
export function unifiedScore(model: ScoreModel, values: QualityInputs): number {
  const expected = model.offset + 2 * weightedInputs(model.inputs, values);
  const share = (expected - model.zero) / (model.hundred - model.zero);
  return 100 * Math.max(0, Math.min(1, share));
}

/** The picture's part of the expected similarity. Throws as `unifiedScore`. */
export function weightedInputs(inputs: ScoreModel['inputs'], values: QualityInputs): number {
  let sum = 0;
  for (const { name, lowest, highest, weight } of inputs) {
    const value = values[name];
    if (value === undefined || Number.isNaN(value)) {
      throw new FaceError('CALIBRATION_INVALID', `quality calibration: no value of "${name}"`);
    }
    sum += weight * Math.max(lowest, Math.min(highest, value));
  }
  return sum;
}
