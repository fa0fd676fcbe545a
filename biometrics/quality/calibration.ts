/**
 * What quality values mean: the weights of the unified score and the thresholds of the gates, found by a
 * run over named data.
 */
import { z } from 'zod';
import { Count, ModelId, readCalibrationFile, Run } from '../calibration-file.ts';

const InputSchema = z.strictObject({
  /** As `qualityInputs` names it. */
  name: z.string().min(1),
  /** Values outside are taken for the nearest of these. */
  lowest: z.number(),
  highest: z.number(),
  /** Similarity that a unit of this input adds to a genuine comparison. */
  weight: z.number(),
});

const ScoreSchema = z.strictObject({
  inputs: z.array(InputSchema).min(1),
  /** Similarity expected of two pictures of one person is offset + both pictures' weighted inputs. */
  offset: z.number(),
  /** Expected similarities that stand for the scores 0 and 100. */
  zero: z.number(),
  hundred: z.number(),
}).refine(({ zero, hundred }) => zero < hundred, 'hundred must be above zero');

const GateSchema = z.strictObject({
  mode: z.enum(['ENROL', 'VERIFY']),
  finding: z.enum(['MULTIPLE_FACES', 'HEAD_POSE', 'OCCLUSION', 'EYE_DISTANCE', 'QUALITY']),
  /** As `qualityInputs` names it. */
  measure: z.string().min(1),
  min: z.number().optional(),
  max: z.number().optional(),
  /** The data or clause behind the value. */
  source: z.string().min(1),
}).refine(({ min, max }) => min !== undefined || max !== undefined, 'a gate needs min or max');

const QualityCalibrationSchema = z.strictObject({
  format: z.literal('gatehouse-quality-calibration'),
  formatVersion: z.literal(1),
  modelId: ModelId,
  data: z.strictObject({
    name: z.string().min(1),
    images: Count,
    withoutFace: Count,
    identities: Count,
    genuinePairs: Count,
    /** Pictures spoilt on purpose, and those of them in which no face was found. */
    degraded: Count,
    degradedWithoutFace: Count,
  }),
  run: Run,
  score: ScoreSchema,
  gates: z.array(GateSchema),
});

export type QualityCalibration = z.infer<typeof QualityCalibrationSchema>;
export type QualityGate = z.infer<typeof GateSchema>;
export type ScoreModel = z.infer<typeof ScoreSchema>;

/**
 * Reads a calibration file.
 * @throws FaceError CALIBRATION_INVALID naming what is wrong
 */
export function parseQualityCalibration(bytes: Uint8Array): QualityCalibration {
  return readCalibrationFile(bytes, QualityCalibrationSchema, 'quality calibration');
}
