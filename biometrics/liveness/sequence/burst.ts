/**
 * What the frames of the second before a picture can say against it. So few frames of a person who holds
 * still show neither parallax nor blinks (docs/liveness-sequences.md has the numbers), but a feed that is no
 * camera's may repeat itself, and a picture may be put in at the end. Rules: they refuse, or say nothing.
 */
import { type MatchRating, reaches } from '../../match/rating.ts';
import type { DetectorVerdict } from '../verdict.ts';
import { unjudged } from './frame.ts';
import { SHORTEST_INTERVAL_MS } from './timing.ts';

/** A frame as it was sent. */
export interface SentFrame {
  readonly bytes: Uint8Array;
  /** When it was taken, milliseconds from any start. */
  readonly timeMs: number;
}

const FEED = 'burst-feed', PERSON = 'burst-person';

/** Fewer frames of the time held still do not show whether a feed does too. */
const MIN_FRAMES = 3;
/** So long a person holds still before an SDK takes the picture; before that, anything may have been in view. */
const HELD_MS = 1000;
/**
 * What two frames of one person within a second reach: of 69 pairs of real videos the least alike had 0.947,
 * and this level needs 0.890 of the default pack (docs/liveness-sequences.md).
 */
const SAME_PERSON = 'HIGH';

/**
 * Whether the frames can be those of a camera. Noise makes every frame of a sensor another one, so one that
 * returns after others is a recording; some browsers hand over the same frame of a slow camera twice, so
 * frames that repeat the one before count only where they are the most of the last second.
 * @param frames in the order in which they were taken, the picture last
 */
export function judgeFeed(frames: readonly SentFrame[]): DetectorVerdict {
  const count = frames.length;
  if (count < 2) return unjudged(FEED, 'there are no frames before the picture');
  const signs: string[] = [];
  if (frames.some(({ timeMs }, i) => i > 0 && !(timeMs >= frames[i - 1].timeMs))) {
    signs.push('frame times fall');
  } else if ((frames[count - 1].timeMs - frames[0].timeMs) / (count - 1) < SHORTEST_INTERVAL_MS) {
    signs.push('frames come faster than any camera gives them');
  }
  const held = frames.filter((frame) => isHeld(frame, frames[count - 1].timeMs));
  const repeats = held.length - changesOf(held).length;
  if (held.length >= MIN_FRAMES && repeats > (held.length - 1) / 2) {
    signs.push('most frames repeat the one before');
  }
  const changes = changesOf(frames);
  if (changes.some(({ bytes }, i) => changes.slice(0, i).some((one) => isSame(one.bytes, bytes)))) {
    signs.push('a frame comes back after another');
  }
  return signs.length === 0
    ? unjudged(FEED, 'nothing suspicious in the frames before the picture, which proves nothing')
    : refused(FEED, signs.join('; '));
}

/**
 * The frame that `judgePerson` should be asked about: the first of those while the person held still.
 * @param burst frames before the picture in the order in which they were taken
 */
export function frameToCompare<F extends Pick<SentFrame, 'timeMs'>>(
  burst: readonly F[],
  pictureMs: number,
): F | undefined {
  return burst.find((frame) => isHeld(frame, pictureMs));
}

function isHeld({ timeMs }: Pick<SentFrame, 'timeMs'>, pictureMs: number): boolean {
  return pictureMs - timeMs <= HELD_MS;
}

/** The frames that are not the one before again. */
function changesOf(frames: readonly SentFrame[]): readonly SentFrame[] {
  return frames.filter(({ bytes }, i) => i === 0 || !isSame(bytes, frames[i - 1].bytes));
}

/**
 * Whether the picture shows whom a frame just before shows.
 * @param compared the level that both reach as two selfies
 */
export function judgePerson(
  compared: MatchRating['level'] | 'no-face' | 'several-faces',
): DetectorVerdict {
  if (compared === 'several-faces') {
    return unjudged(PERSON, 'several faces: the most prominent one may change');
  }
  if (compared === 'no-face') return refused(PERSON, 'a frame just before shows no face');
  return reaches(compared, SAME_PERSON)
    ? unjudged(PERSON, 'the frames before show the same person, which proves nothing')
    : refused(PERSON, 'a frame just before shows another person');
}

function refused(detector: string, reason: string): DetectorVerdict {
  return { detector, score: 0, confidence: 1, reason };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
