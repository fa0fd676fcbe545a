/** The numbers behind the verdicts, of rendered and of real sequences alike. */
import { findBlinks } from '../../biometrics/liveness/sequence/blink.ts';
import { eyeOpenness } from '../../biometrics/liveness/sequence/eye-openness.ts';
import { longestTrack, type SequenceFrame } from '../../biometrics/liveness/sequence/frame.ts';
import { measureMicroMotion } from '../../biometrics/liveness/sequence/micro-motion.ts';
import { findPulse } from '../../biometrics/liveness/sequence/pulse.ts';
import { skinColour } from '../../biometrics/liveness/sequence/region-colour.ts';
import { measureMovement } from '../../biometrics/liveness/sequence/rigidity.ts';

/** Frames under which a face was lost too soon. */
const MIN_FRAMES = 5;
/** Five seconds at 15 frames per second. */
const MIN_PULSE_FRAMES = 75;

export function movementOf(frames: readonly SequenceFrame[]) {
  const track = longestTrack(frames);
  return track.length < MIN_FRAMES ? undefined : measureMovement(track);
}

export function microOf(frames: readonly SequenceFrame[]) {
  return measureMicroMotion(longestTrack(frames));
}

export function deepestBlinks(frames: readonly SequenceFrame[]) {
  return {
    refined: deepest(frames),
    mesh: deepest(frames.map(({ timeMs, scene }) => ({ timeMs, scene }))),
  };
}

/** All closures of blink length, shallow ones too. */
export function closuresOf(frames: readonly SequenceFrame[]) {
  return findBlinks(longestTrack(frames).map((frame) => [frame.timeMs, eyeOpenness(frame)]));
}

function deepest(frames: readonly SequenceFrame[]): number {
  return Math.max(0, ...closuresOf(frames).map(({ depth }) => depth));
}

export function snrOf(frames: readonly SequenceFrame[]): number | undefined {
  const seen = frames.flatMap(({ timeMs, scene }) => {
    const colour = skinColour(scene);
    return colour === undefined ? [] : [{ timeMs, colour }];
  });
  return seen.length < MIN_PULSE_FRAMES ? undefined : findPulse(seen)?.snrDb;
}
