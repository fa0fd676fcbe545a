/**
 * Log-odds of a detector's features under its calibration: a sum of values and their squares, or of
 * random Fourier features, each with a weight.
 */
import type {
  DetectorCalibration,
  LogisticCalibration,
  RandomFourierCalibration,
} from './calibration.ts';
import { fourierFeatures, readWeights } from './random-fourier.ts';

/** Standardised values beyond this say no more than this; one odd feature must not decide alone. */
const HELD = 3;
/** Log-odds that a detector may reach, either way: a score of 0.0025 to 0.9975. */
const SUREST = 6;

type Model = (row: readonly number[]) => number;
/** Frequencies and weights are the same for every picture. */
const prepared = new WeakMap<DetectorCalibration, Model>();

/** @param values the detector's features, finite, as many as the calibration lists */
export function logOdds(calibration: DetectorCalibration, values: readonly number[]): number {
  let model = prepared.get(calibration);
  if (model === undefined) {
    model = calibration.model === undefined ? logistic(calibration) : randomFourier(calibration);
    prepared.set(calibration, model);
  }
  const row = calibration.features.map(({ mean, scale }, i) =>
    standardised(values[i], mean, scale)
  );
  return heldOdds(model(row));
}

function logistic({ features, bias }: LogisticCalibration): Model {
  return (row) =>
    features.reduce((sum, { linear, square }, i) => {
      const z = row[i];
      return sum + linear * z + square * (z * z - 1);
    }, bias);
}

function randomFourier(calibration: RandomFourierCalibration): Model {
  const weights = readWeights(calibration.weights);
  const expand = fourierFeatures(calibration, calibration.features.length);
  return (row) => expand(row).reduce((sum, value, i) => sum + weights[i] * value, calibration.bias);
}

/** No detector is surer than this. */
export function heldOdds(odds: number): number {
  return Math.max(-SUREST, Math.min(SUREST, odds));
}

export function standardised(value: number, mean: number, scale: number): number {
  return Math.max(-HELD, Math.min(HELD, (value - mean) / scale));
}

/** 0 at -infinity, 0.5 at 0, 1 at infinity. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function logit(p: number): number {
  const held = Math.max(sigmoid(-SUREST), Math.min(sigmoid(SUREST), p));
  return Math.log(held / (1 - held));
}
