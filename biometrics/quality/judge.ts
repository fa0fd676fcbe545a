/**
 * Whether a picture is good enough to make a template of (IDENTY Web Server 6, generateTemplateFromImage,
 * qualityMode): every gate of the calibration for the mode must hold, and for ENROL the eyes be fully visible.
 */
import type { QualityGate } from './calibration.ts';
import { SMALLEST_OPEN } from './eyes-open.ts';
import { MOST_DARK, MOST_GLARE } from './icao.ts';
import type { QualityInputs } from './unified-score.ts';

/** DISABLED judges nothing. */
export type QualityMode = 'ENROL' | 'VERIFY' | 'DISABLED';
export type QualityFindingKind = QualityGate['finding'];

/** One gate that did not hold. */
export interface QualityFinding {
  readonly kind: QualityFindingKind;
  readonly measure: string;
  /** NaN when the measure was not taken, which no gate lets through. */
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
}

export interface QualityVerdict {
  readonly accepted: boolean;
  /** In the order of KINDS; the first is the one to tell where only one can be told. */
  readonly findings: readonly QualityFinding[];
}

const KINDS: readonly QualityFindingKind[] = [
  'MULTIPLE_FACES',
  'HEAD_POSE',
  'OCCLUSION',
  'EYE_DISTANCE',
  'QUALITY',
];

/** ENROL asks for eyes that are "fully visible", whatever a calibration says: as icao_data.eyes_full_visibility does. */
const EYES: readonly Omit<QualityGate, 'source'>[] = [
  { mode: 'ENROL', finding: 'OCCLUSION', measure: 'eyesOpen', min: SMALLEST_OPEN },
  { mode: 'ENROL', finding: 'OCCLUSION', measure: 'glassesGlare', max: MOST_GLARE },
  { mode: 'ENROL', finding: 'OCCLUSION', measure: 'darkGlasses', max: MOST_DARK },
];

/**
 * @param gates of a quality calibration
 * @param measures of the picture by name, the unified score as "score"
 */
export function judgeQuality(
  gates: readonly QualityGate[],
  mode: QualityMode,
  measures: QualityInputs,
): QualityVerdict {
  const findings = [...gates, ...EYES].filter((gate) => gate.mode === mode).flatMap((gate) => {
    const { finding: kind, measure, min, max } = gate;
    const value = measures[measure] ?? NaN;
    const holds = value >= (min ?? -Infinity) && value <= (max ?? Infinity);
    return holds ? [] : [{ kind, measure, value, min, max }];
  });
  return {
    accepted: findings.length === 0,
    findings: findings.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)),
  };
}
