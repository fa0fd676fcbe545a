/**
 * What the measurements of detectors mean: weights, fusion and thresholds, learned from named data by
 * `gatehouse models train-pad` and kept in the pack's file `calibration.pad`. Nothing about liveness is
 * decided by a number that is not in such a file.
 */
import { z } from 'zod';
import {
  checkCalibrationValue,
  Count,
  Rate,
  readCalibrationFile,
  Run,
} from '../calibration-file.ts';
import { LIVENESS_LEVELS, MAX_BPCER, TARGET_APCER } from './level.ts';
import { readWeights } from './random-fourier.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,95}$/);
const MAX_WEIGHT = 1e6;
const Weight = z.number().min(-MAX_WEIGHT).max(MAX_WEIGHT);

const FeatureSchema = z.strictObject({
  name: Name,
  /** Standardised value = (value - mean) / scale, held within +-3. */
  mean: z.number(),
  scale: z.number().positive(),
});
const MAX_FEATURES = 512;

const common = {
  id: Name,
  bias: Weight,
  /** Weight of the detector's log-odds in the fusion. */
  weight: Weight.min(0),
};

/** Log-odds are a weighted sum of the standardised values and their squares minus one. */
const LogisticSchema = z.strictObject({
  model: z.literal(undefined).optional(),
  ...common,
  features: z.array(FeatureSchema.extend({ linear: Weight, square: Weight })).min(1)
    .max(MAX_FEATURES),
});

/** Log-odds are a weighted sum of random Fourier features of the standardised values. */
const RandomFourierSchema = z.strictObject({
  model: z.literal('random-fourier'),
  ...common,
  features: z.array(FeatureSchema).min(1).max(MAX_FEATURES),
  seed: z.int().min(0).max(0xffffffff),
  gamma: z.number().positive().max(1e3),
  count: z.int().min(1).max(4096),
  /** Of all cosines, then all sines. */
  weights: z.string().max(1e5),
}).superRefine(({ count, weights }, context) => {
  if (!areWeights(weights, 2 * count)) {
    context.addIssue({
      code: 'custom',
      path: ['weights'],
      message: `must be Base64 of ${2 * count} float32 values within +-${MAX_WEIGHT}`,
    });
  }
});

const DetectorSchema = z.discriminatedUnion('model', [LogisticSchema, RandomFourierSchema]);

const VetoSchema = z.strictObject({
  detector: Name,
  /** Own log-odds of bona fide under which the detector refuses. */
  below: Weight,
  /** Fused score from which all detectors together overrule it; 1: never. */
  overruledFrom: Rate.default(1),
  /** Bona fide presentations of the run, and how many of them it refuses. */
  bonaFide: Count,
  refused: Count,
});

const LevelSchema = z.strictObject({
  level: z.enum(LIVENESS_LEVELS),
  /** Largest APCER over the species that the level stands for. */
  targetApcer: Rate,
  /** Presentations with this score or more reach the level; null when no threshold meets the target. */
  threshold: Rate.nullable(),
  /** The species that passes most often at the threshold, how many there were and how many passed. */
  species: z.string(),
  attacks: Count,
  passed: Count,
  /** Two-sided 95 % interval of that APCER (Clopper and Pearson 1934). */
  apcerInterval: z.tuple([Rate, Rate]),
  bonaFide: Count,
  refused: Count,
  bpcer: Rate,
  bpcerInterval: z.tuple([Rate, Rate]),
  supported: z.boolean(),
  /** Why it is supported, or why not. */
  reason: z.string().min(1),
});

const CalibrationSchema = z.strictObject({
  format: z.literal('gatehouse-pad-calibration'),
  formatVersion: z.literal(1),
  data: z.strictObject({
    name: z.string().min(1),
    /** Whether the attacks were recorded or computed. */
    attacks: z.enum(['synthetic', 'real']),
    people: Count,
    bonaFide: Count,
    /** Attack presentations by species. */
    species: z.record(z.string(), Count),
    /** Presentations without a usable face; they take no part. */
    withoutFace: z.strictObject({ bonaFide: Count, attack: Count }),
  }),
  run: Run,
  detectors: z.array(DetectorSchema).min(1).max(64),
  /** Fused log-odds = bias + sum of weight x confidence x log-odds of each detector. */
  bias: Weight,
  /** Detectors that refuse on their own where their own log-odds are below a value, unless overruled. */
  vetoes: z.array(VetoSchema).max(64).default([]),
  levels: z.array(LevelSchema).length(LIVENESS_LEVELS.length),
}).superRefine(({ detectors, vetoes, levels }, context) => {
  const issue = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const ids = detectors.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) issue(['detectors'], 'a detector is listed twice');
  vetoes.forEach(({ detector }, i) => {
    if (!ids.includes(detector)) issue(['vetoes', i, 'detector'], 'is no detector of the list');
  });
  let strictest = 0;
  levels.forEach((entry, i) => {
    const { level, threshold, targetApcer, supported, bpcer, apcerInterval } = entry;
    if (level !== LIVENESS_LEVELS[i] || targetApcer !== TARGET_APCER[level]) {
      issue(['levels', i], `must be ${LIVENESS_LEVELS[i]} at ${TARGET_APCER[LIVENESS_LEVELS[i]]}`);
    }
    if (threshold !== null) {
      if (threshold < strictest) issue(['levels', i, 'threshold'], 'thresholds must not fall');
      strictest = Math.max(strictest, threshold);
    }
    const earned = threshold !== null && apcerInterval[1] <= targetApcer && bpcer <= MAX_BPCER;
    if (supported && !earned) {
      issue(['levels', i, 'supported'], 'the counts do not support this level');
    }
  });
});

export type PadCalibration = z.infer<typeof CalibrationSchema>;
export type DetectorCalibration = z.infer<typeof DetectorSchema>;
export type LogisticCalibration = z.infer<typeof LogisticSchema>;
export type RandomFourierCalibration = z.infer<typeof RandomFourierSchema>;
export type VetoCalibration = z.infer<typeof VetoSchema>;
export type LevelCalibration = z.infer<typeof LevelSchema>;

function areWeights(text: string, count: number): boolean {
  try {
    const weights = readWeights(text);
    return weights.length === count && weights.every((weight) => Math.abs(weight) <= MAX_WEIGHT);
  } catch {
    return false;
  }
}

/**
 * Reads a calibration file.
 * @throws FaceError CALIBRATION_INVALID naming what is wrong
 */
export function parsePadCalibration(bytes: Uint8Array): PadCalibration {
  return readCalibrationFile(bytes, CalibrationSchema, 'pad calibration');
}

/** @throws FaceError CALIBRATION_INVALID naming what is wrong */
export function checkPadCalibration(value: unknown): PadCalibration {
  return checkCalibrationValue(value, CalibrationSchema, 'pad calibration');
}
