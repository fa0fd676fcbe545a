/**
 * Is the face solid? Measures the parallax of landmarks that facial expressions leave alone. Only x and y of
 * the mesh are used for movement: its z is what the network expects of a face, true or not, and serves as the
 * pattern of a face's relief alone.
 */
import { sigmoid } from '../logistic.ts';
import type { DetectorVerdict } from '../verdict.ts';
import { SEQUENCE_CALIBRATION, type SequenceCalibration } from './calibration.ts';
import { pointsOf, RIGID_POINTS } from './face-points.ts';
import { longestTrack, type SequenceFrame, unjudged } from './frame.ts';
import { median, unitRange } from './numbers.ts';
import { measureParallax, type Parallax } from './parallax.ts';

const DETECTOR = 'rigidity';

const MIN_FRAMES = 5;
/** At most so many frames of a track are looked at, evenly spread. */
const MAX_FRAMES = 30;
/** So many frames, spread over the sequence, are compared with all others. */
const REFERENCES = 4;

/** What the caller knows about the movement. */
export interface RigidityExtras {
  /**
   * The person was asked to turn the head by 10 degrees or more and had the time: then a face without
   * parallax is judged, however little it moved.
   */
  readonly turnAsked?: boolean;
}

export function scoreRigidity(
  frames: readonly SequenceFrame[],
  { turnAsked = false }: RigidityExtras = {},
): DetectorVerdict {
  const track = thinned(longestTrack(frames));
  if (track.length < MIN_FRAMES) return unjudged(DETECTOR, 'too few frames that follow one face');
  const movement = measureMovement(track);
  if (movement === undefined) return unjudged(DETECTOR, 'the landmarks fix no movement');
  return judgeMovement(movement, turnAsked, SEQUENCE_CALIBRATION.rigidity);
}

function thinned(track: readonly SequenceFrame[]): readonly SequenceFrame[] {
  if (track.length <= MAX_FRAMES) return track;
  return Array.from(
    { length: MAX_FRAMES },
    (_, i) => track[Math.floor(i * track.length / MAX_FRAMES)],
  );
}

/** The verdict on a measured movement. */
export function judgeMovement(
  movement: Parallax,
  turnAsked: boolean,
  { parallax, slope, shapeChange }: SequenceCalibration['rigidity'],
): DetectorVerdict {
  const solid = movement.alongRelief >= parallax;
  // without parallax: a picture if the shape changed as that of a tilted one does, otherwise nothing moved
  const evidence = unitRange(movement.shapeChange / shapeChange - 0.5);
  const confidence = solid || turnAsked ? 1 : evidence;
  const percent = (100 * movement.alongRelief).toFixed(1);
  return {
    detector: DETECTOR,
    score: sigmoid(slope * Math.log(Math.max(movement.alongRelief, 1e-6) / parallax)),
    confidence,
    reason: solid
      ? `the face moves as a solid head (parallax ${percent} %)`
      : confidence === 0
      ? `the face does not turn enough to judge (parallax ${percent} %)`
      : `the face ${turnAsked ? 'was to turn and ' : ''}shows little depth (parallax ${percent} %)`,
  };
}

/**
 * Medians over pairs of frames.
 * @param frames of one face
 * @returns undefined when no pair fixes a movement
 */
export function measureMovement(frames: readonly SequenceFrame[]): Parallax | undefined {
  const points = frames.map(({ scene }) => pointsOf(scene.mesh, RIGID_POINTS));
  const step = Math.max(1, Math.floor(frames.length / REFERENCES));
  const along: number[] = [], change: number[] = [];
  for (let r = 0; r < frames.length; r += step) {
    const relief = RIGID_POINTS.map((point) => frames[r].scene.mesh[3 * point + 2]);
    const pairs = points.flatMap((to, i) => {
      if (i === r) return [];
      const parallax = measureParallax(points[r], to, relief);
      return parallax === undefined ? [] : [parallax];
    });
    if (pairs.length === 0) continue;
    along.push(median(pairs.map(({ alongRelief }) => alongRelief)));
    change.push(median(pairs.map(({ shapeChange }) => shapeChange)));
  }
  if (along.length === 0) return undefined;
  return { alongRelief: median(along), shapeChange: median(change) };
}
