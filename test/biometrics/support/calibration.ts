/** A calibration with chosen thresholds, for tests of what is made of it. */
import { type MatchCalibration, WORKING_POINTS } from '../../../biometrics/match/calibration.ts';

/** @param thresholds one per working point, rising */
export function calibrationWith(
  impostorMean: number,
  thresholds: readonly number[],
): MatchCalibration {
  return {
    format: 'gatehouse-match-calibration',
    formatVersion: 1,
    modelId: '0123456789abcdef',
    data: {
      name: 'made up',
      images: 0,
      withoutFace: 0,
      identities: 0,
      genuinePairs: 0,
      impostorPairs: 0,
    },
    run: { date: '2026-01-01', command: 'none' },
    impostorMean,
    points: WORKING_POINTS.map((fmr, i) => ({
      fmr,
      threshold: thresholds[i],
      falseMatches: 0,
      extrapolated: false,
      fnmr: 0,
    })),
    extrapolation: '',
  };
}
