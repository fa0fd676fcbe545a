/** What a calibration supports, for those who install and audit: nothing here decides about a presentation. */
import type { PadCalibration } from './calibration.ts';
import type { LivenessLevel } from './level.ts';

export interface LivenessSupport {
  /** Levels that can be reached, weakest first. */
  readonly supported: readonly LivenessLevel[];
  /** Whether the attacks behind the thresholds were recorded or computed. */
  readonly evidence: 'synthetic' | 'real';
  /** Name of the data, as the run called them. */
  readonly data: string;
  /** Every level, with the reason why it is or is not supported. */
  readonly levels: readonly LevelSupport[];
}

export interface LevelSupport {
  readonly level: LivenessLevel;
  readonly supported: boolean;
  readonly reason: string;
  /** Largest share of attacks of a species that the level stands for, 0..1. */
  readonly targetApcer: number;
  /** Share of bona fide presentations refused in the run, 0..1. */
  readonly bpcer: number;
}

export function livenessSupport({ data, levels }: PadCalibration): LivenessSupport {
  return {
    supported: levels.filter(({ supported }) => supported).map(({ level }) => level),
    evidence: data.attacks,
    data: data.name,
    levels: levels.map(({ level, supported, reason, targetApcer, bpcer }) => ({
      level,
      supported,
      reason,
      targetApcer,
      bpcer,
    })),
  };
}
