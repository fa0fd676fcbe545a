/** What a presentation attack detector says: ISO/IEC 30107-3 speaks of bona fide and attack presentations. */

/** The answer of one named detector about one presentation. */
export interface DetectorVerdict {
  /** Stable name, lower case with hyphens, as in calibration files and evaluation tables. */
  readonly detector: string;
  /** 0 = surely an attack presentation, 1 = surely bona fide. A ranking, not a probability. */
  readonly score: number;
  /** 0..1: how much this presentation let the detector say; 0 when it could not judge at all. */
  readonly confidence: number;
  /** Why, in plain words for an operator; nothing about the person. */
  readonly reason: string;
}

/** Score under which a confident verdict from outside the calibration, a rule, refuses on its own. */
const RULE_REFUSES = 0.5;

/** Whether a verdict refuses as a rule: without confidence it never does. */
export function refuses({ score, confidence }: DetectorVerdict): boolean {
  return confidence > 0 && !(score >= RULE_REFUSES);
}

/** The name of the rule by which a detector refuses on its own. */
export function vetoName(detector: string): string {
  return `${detector}-veto`;
}
