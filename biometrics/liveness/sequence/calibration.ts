/** Thresholds of the sequence detectors. All of them come from a run of `npm run bench -- pad-sequences`. */
import { z } from 'zod';
import calibration from './calibration.json';

const Positive = z.number().positive();
const Count = z.int().min(0);

const SequenceCalibrationSchema = z.strictObject({
  format: z.literal('gatehouse-pad-sequence-calibration'),
  formatVersion: z.literal(1),
  data: z.strictObject({ name: z.string().min(1), bonaFide: Count, attacks: Count }),
  run: z.strictObject({ date: z.iso.date(), command: z.string() }),
  rigidity: z.strictObject({ parallax: Positive, shapeChange: Positive, slope: Positive }),
  blink: z.strictObject({ depth: Positive, slope: Positive }),
  microMotion: z.strictObject({
    parts: Positive,
    slope: Positive,
    confidence: z.number().min(0).max(1),
  }),
  pulse: z.strictObject({ snrDb: z.number(), slope: Positive }),
  timing: z.strictObject({ loopRatio: Positive }),
});

export type SequenceCalibration = z.infer<typeof SequenceCalibrationSchema>;

export const SEQUENCE_CALIBRATION: SequenceCalibration = SequenceCalibrationSchema.parse(
  calibration,
);
