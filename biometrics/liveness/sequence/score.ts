/** All detectors that need more than one frame, asked about one presentation. */
import type { DetectorVerdict } from '../verdict.ts';
import { scoreBlinks } from './blink.ts';
import { scoreColourResponse, type ShownColour } from './colour-response.ts';
import type { SequenceFrame } from './frame.ts';
import { scoreMicroMotion } from './micro-motion.ts';
import { scorePulse } from './pulse.ts';
import { type RigidityExtras, scoreRigidity } from './rigidity.ts';
import { scoreTiming } from './timing.ts';

/** What the caller knows beside the frames. */
export interface SequenceExtras {
  readonly rigidity?: RigidityExtras;
  /** The colours that filled the person's screen; without them the colour response is not asked for. */
  readonly shownColours?: readonly ShownColour[];
}

/** Frames beyond these are not looked at: 20 seconds at 30 per second. */
export const MAX_SEQUENCE_FRAMES = 600;

/**
 * Asks every detector; those that could not judge answer with confidence 0. Frames are taken in the order in
 * which they came, at most MAX_SEQUENCE_FRAMES of them.
 */
export function scoreSequence(
  frames: readonly SequenceFrame[],
  extras: SequenceExtras = {},
): DetectorVerdict[] {
  const looked = frames.slice(0, MAX_SEQUENCE_FRAMES);
  return [
    scoreRigidity(looked, extras.rigidity),
    scoreBlinks(looked),
    scoreMicroMotion(looked),
    ...(extras.shownColours === undefined
      ? []
      : [scoreColourResponse(looked, extras.shownColours)]),
    scorePulse(looked),
    scoreTiming(looked),
  ];
}
