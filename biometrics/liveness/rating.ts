/**
 * From verdicts to one answer: the fused score and the strictest security level it reaches. Fails safe:
 * a level that the calibration's data do not support is never reached, and neither is any level when
 * a detector is missing, could not judge, or a rule such as the capture's own signals says attack.
 */
import type { PadCalibration } from './calibration.ts';
import { LIVENESS_LEVELS, type LivenessLevel } from './level.ts';
import { logit, sigmoid } from './logistic.ts';
import { type DetectorVerdict, refuses, vetoName } from './verdict.ts';

export interface LivenessRating {
  /** 0 = surely an attack, 1 = surely bona fide; comparable within one calibration only. */
  readonly score: number;
  /** The strictest supported level reached, null for none. */
  readonly highestLevel: LivenessLevel | null;
  /** Which attacks the thresholds rest on: "synthetic" ones promise nothing about recorded ones. */
  readonly evidence: PadCalibration['data']['attacks'];
  readonly verdicts: readonly DetectorVerdict[];
  /** Why the level is no higher, in plain words. */
  readonly reasons: readonly string[];
}

/**
 * @param verdicts of the calibration's detectors, and of rules; a rule is a detector that the
 *   calibration does not list: it can refuse a presentation, not help it. That of a veto has no say where
 *   the fused score is high enough to overrule it
 */
export function rateLiveness(
  calibration: PadCalibration,
  verdicts: readonly DetectorVerdict[],
): LivenessRating {
  const reasons: string[] = [];
  let fused = calibration.bias, judged = true;
  for (const { id, weight } of calibration.detectors) {
    const verdict = verdicts.find(({ detector }) => detector === id);
    if (verdict === undefined || !(verdict.confidence > 0) || !Number.isFinite(verdict.score)) {
      judged = false;
      reasons.push(`${id}: ${verdict?.reason ?? 'no verdict'}`);
      continue;
    }
    fused += weight * Math.min(1, verdict.confidence) * logit(verdict.score);
    if (verdict.score < 0.5) reasons.push(`${id}: ${verdict.reason}`);
  }
  const score = sigmoid(fused);
  const withoutSay = [
    ...calibration.detectors.map(({ id }) => id),
    ...calibration.vetoes.flatMap(({ detector, overruledFrom }) =>
      score >= overruledFrom ? [vetoName(detector)] : []
    ),
  ];
  const refusing = verdicts.filter((verdict) =>
    !withoutSay.includes(verdict.detector) && refuses(verdict)
  );
  for (const { detector, reason } of refusing) reasons.push(`${detector}: ${reason}`);
  const evidence = calibration.data.attacks;
  if (!judged || refusing.length > 0) {
    return { score: 0, highestLevel: null, evidence, verdicts, reasons };
  }

  let highestLevel: LivenessLevel | null = null;
  for (const { level, threshold, supported, reason } of calibration.levels) {
    if (supported && threshold !== null && score >= threshold) highestLevel = level;
    else if (!supported) reasons.push(`${level}: not supported, ${reason}`);
  }
  return { score, highestLevel, evidence, verdicts, reasons };
}

/** Whether a rating is good enough for a requested level; never for a level its calibration does not support. */
export function reachesLiveness(
  calibration: PadCalibration,
  reached: LivenessLevel | null,
  wanted: LivenessLevel,
): boolean {
  const entry = calibration.levels.find(({ level }) => level === wanted);
  return reached !== null && entry?.supported === true &&
    LIVENESS_LEVELS.indexOf(reached) >= LIVENESS_LEVELS.indexOf(wanted);
}
