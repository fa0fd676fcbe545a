/** Builds a calibration from labelled templates: the run behind every match threshold. */
import { FaceError } from '../errors.ts';
import { checkCalibration, type MatchCalibration } from '../match/calibration.ts';
import type { ScoreHistogram } from './score-histogram.ts';
import { findWorkingPoints } from './working-points.ts';

export interface CalibrationRun {
  readonly modelId: string;
  /** Name of the data, as it shall stand in the file. */
  readonly dataName: string;
  readonly images: number;
  readonly withoutFace: number;
  readonly identities: number;
  /** Day of the run, yyyy-MM-dd. */
  readonly date: string;
  /** Command that made the run. */
  readonly command: string;
}

/** Impostor pairs under which no threshold at all can be set: 30 false matches at a rate of 1e-3. */
const MIN_IMPOSTOR_PAIRS = 30_000;

/**
 * @throws FaceError CALIBRATION_INVALID when there are too few pairs, or scores that give no rising thresholds
 */
export function calibrationFrom(run: CalibrationRun, histogram: ScoreHistogram): MatchCalibration {
  if (histogram.impostorPairs < MIN_IMPOSTOR_PAIRS) {
    throw new FaceError(
      'CALIBRATION_INVALID',
      `${histogram.impostorPairs} impostor pairs support no threshold; at least ${MIN_IMPOSTOR_PAIRS} are needed`,
    );
  }
  if (histogram.people === 0) {
    throw new FaceError('CALIBRATION_INVALID', 'nobody has two pictures: no genuine pairs');
  }
  const { points, extrapolation } = findWorkingPoints(histogram);
  return checkCalibration({
    format: 'gatehouse-match-calibration',
    formatVersion: 1,
    modelId: run.modelId,
    data: {
      name: run.dataName,
      images: run.images,
      withoutFace: run.withoutFace,
      identities: run.identities,
      genuinePairs: histogram.genuinePairs,
      impostorPairs: histogram.impostorPairs,
    },
    run: { date: run.date, command: run.command },
    impostorMean: histogram.impostorMean,
    points,
    extrapolation,
  });
}
