/**
 * What a similarity means: thresholds by false match rate, found by a run over named data. Every
 * decision threshold of the product comes out of such a file.
 */
import { z } from 'zod';
import {
  checkCalibrationValue,
  Count,
  ModelId,
  Rate,
  readCalibrationFile,
  Run,
} from '../calibration-file.ts';
import { FaceError } from '../errors.ts';

/** False match rates that the security levels of the matching APIs stand for. */
export const WORKING_POINTS = [1e-2, 5e-3, 1e-3, 2e-4, 1e-4, 1e-5, 1e-6] as const;

const PointSchema = z.strictObject({
  /** False match rate this point stands for. */
  fmr: Rate,
  /** Similarities at or above this are matches. */
  threshold: z.number().min(-1).lt(1),
  /** Impostor pairs at or above the threshold in the run. */
  falseMatches: Count,
  /** True when the data hold too few impostor pairs and the threshold was extended from lower rates. */
  extrapolated: z.boolean(),
  /** Share of genuine pairs below the threshold, every person counting the same. */
  fnmr: Rate,
});

const CalibrationSchema = z.strictObject({
  format: z.literal('gatehouse-match-calibration'),
  formatVersion: z.literal(1),
  modelId: ModelId,
  data: z.strictObject({
    name: z.string().min(1),
    images: Count,
    /** Images in which no face was found; they take no part. */
    withoutFace: Count,
    identities: Count,
    genuinePairs: Count,
    impostorPairs: Count,
  }),
  run: Run,
  /** Similarity of two average strangers: the zero of the similarity score. */
  impostorMean: z.number().min(-1).max(1),
  points: z.array(PointSchema).length(WORKING_POINTS.length),
  /** How extrapolated thresholds were reached; empty when there are none. */
  extrapolation: z.string(),
}).superRefine(({ impostorMean, points }, context) => {
  let previous = impostorMean;
  points.forEach((point, i) => {
    if (point.fmr !== WORKING_POINTS[i] || !(point.threshold > previous)) {
      context.addIssue({
        code: 'custom',
        path: ['points', i],
        message: `rates must be ${WORKING_POINTS.join(', ')} with rising thresholds`,
      });
    }
    previous = point.threshold;
  });
});

export type MatchCalibration = z.infer<typeof CalibrationSchema>;
export type CalibrationPoint = z.infer<typeof PointSchema>;

/**
 * Reads a calibration file.
 * @throws FaceError CALIBRATION_INVALID naming what is wrong
 */
export function parseCalibration(bytes: Uint8Array): MatchCalibration {
  return readCalibrationFile(bytes, CalibrationSchema, 'calibration');
}

/**
 * Checks that a value is a calibration.
 * @throws FaceError CALIBRATION_INVALID naming what is wrong
 */
export function checkCalibration(value: unknown): MatchCalibration {
  return checkCalibrationValue(value, CalibrationSchema, 'calibration');
}

/** Threshold of one of the working points. */
export function thresholdAt(calibration: MatchCalibration, fmr: number): number {
  const point = calibration.points.find((entry) => entry.fmr === fmr);
  if (point === undefined) {
    throw new FaceError('CALIBRATION_INVALID', `calibration: no working point at ${fmr}`);
  }
  return point.threshold;
}
