/**
 * Security levels of liveness detection (IDENTY Face SDK, `asThreshold`,
 * `as_highest_security_level_reached`). The specification names them and no error rates; the rates here
 * are ours: the largest share of attack presentations of one species that may pass (APCER, ISO/IEC
 * 30107-3). 20 % to 5 % are where BPCER10 and BPCER20 are reported, 1 % is BPCER100, 0.1 % needs some
 * 3,000 attacks of each species without one error to be shown at all.
 */
export const LIVENESS_LEVELS = [
  'LOW',
  'MEDIUM',
  'MODERATE',
  'BALANCED_HIGH',
  'HIGH',
  'BALANCED_VERY_HIGH',
  'VERY_HIGH',
  'HIGHEST',
] as const;
export type LivenessLevel = typeof LIVENESS_LEVELS[number];

/** Target APCER of each level, 0..1, from the weakest level to the strictest. */
export const TARGET_APCER: Readonly<Record<LivenessLevel, number>> = {
  LOW: 0.2,
  MEDIUM: 0.1,
  MODERATE: 0.07,
  BALANCED_HIGH: 0.05,
  HIGH: 0.03,
  BALANCED_VERY_HIGH: 0.01,
  VERY_HIGH: 0.005,
  HIGHEST: 0.001,
};

/** A level at which more than this share of bona fide presentations is refused is of no use, and not offered. */
export const MAX_BPCER = 0.25;
