/**
 * Signs of an injected video: times that no camera gives, repeated frames, a loop. Speaks of the channel, not
 * of the face; a careful attacker leaves none of these signs, so a clean answer has little confidence.
 */
import type { Picture } from '../../types.ts';
import type { DetectorVerdict } from '../verdict.ts';
import { SEQUENCE_CALIBRATION } from './calibration.ts';
import { type SequenceFrame, unjudged } from './frame.ts';
import { mean, median, unitRange } from './numbers.ts';

const DETECTOR = 'frame-timing';

/** Shorter intervals than those of a 240 frames per second sensor are not of a camera. */
export const SHORTEST_INTERVAL_MS = 1000 / 240 - 0.5;
/** Frames of a full answer. */
const FULL_FRAMES = 30;
/** Intervals behind a statement about their regularity. */
const MIN_INTERVALS = 10;
/** A sensor's clock wanders by more than this against the one that stamps its frames. */
const CLOCK_RESOLUTION_MS = 0.01;
/** A loop repeats at least so many frames in a row, after at least so many. */
const LOOP_FRAMES = 8;
/** Cells per side of the small picture by which frames are compared. */
const CELLS = 12;
/** Confidence when nothing was found. */
const CLEAN_CONFIDENCE = 0.2;

/** @param frames in the order in which they came */
export function scoreTiming(frames: readonly SequenceFrame[]): DetectorVerdict {
  if (frames.length < 3) return unjudged(DETECTOR, 'fewer than 3 frames');
  const signs: string[] = [];
  let score = 1;
  const intervals = frames.slice(1).map(({ timeMs }, i) => timeMs - frames[i].timeMs);
  if (!intervals.every((interval) => interval > 0)) {
    signs.push('frame times do not rise');
    score = 0;
  } else if (median(intervals) < SHORTEST_INTERVAL_MS) {
    signs.push('frames come faster than any camera gives them');
    score = 0;
  } else if (isClockwork(frames)) {
    signs.push('frame times are exactly periodic');
    // files have such times, and so have some programs that relay a camera
    score = 0.5;
  }

  const pictures = frames.map(({ scene }) => scene.pyramid.picture);
  const repeated = mean(pictures.slice(1).map((p, i) => isSame(p, pictures[i]) ? 1 : 0));
  if (repeated > 0) {
    signs.push(`${Math.round(100 * repeated)} % of the frames repeat the one before`);
    score *= unitRange(1 - 2 * repeated);
  }
  if (loopRatio(pictures) < SEQUENCE_CALIBRATION.timing.loopRatio) {
    signs.push('a stretch of frames comes back');
    score = 0;
  }
  const coverage = unitRange(frames.length / FULL_FRAMES);
  return {
    detector: DETECTOR,
    score,
    confidence: coverage * (signs.length > 0 ? 1 : CLEAN_CONFIDENCE),
    reason: signs.length > 0 ? signs.join('; ') : 'frame times and contents are those of a camera',
  };
}

/** True when the times lie on a line to a precision that rounding alone does not explain. */
function isClockwork(frames: readonly SequenceFrame[]): boolean {
  const count = frames.length;
  if (count <= MIN_INTERVALS) return false;
  const step = (frames[count - 1].timeMs - frames[0].timeMs) / (count - 1);
  return frames.every(({ timeMs }, i) =>
    Math.abs(timeMs - frames[0].timeMs - i * step) < CLOCK_RESOLUTION_MS
  );
}

function isSame(a: Picture, b: Picture): boolean {
  return a.width === b.width && a.height === b.height && Buffer.compare(a.data, b.data) === 0;
}

/**
 * The smallest ratio, over all stretches and delays, of the change between a stretch of frames and its delayed
 * copy to the change between neighbours in that stretch: 0 for an exact loop, about 1 for noise, above 1 for
 * movement that does not come back; infinity when no stretch is long enough or nothing changes.
 */
export function loopRatio(pictures: readonly Picture[]): number {
  const small = pictures.map(smallPicture);
  const change = small.slice(1).map((picture, i) => distance(picture, small[i]));
  let least = Infinity;
  for (let delay = LOOP_FRAMES; delay + LOOP_FRAMES <= small.length; delay++) {
    let across = 0, along = 0;
    for (let i = 0; i + delay < small.length; i++) {
      across += distance(small[i], small[i + delay]);
      along += change[i];
      if (i >= LOOP_FRAMES) {
        across -= distance(small[i - LOOP_FRAMES], small[i - LOOP_FRAMES + delay]);
        along -= change[i - LOOP_FRAMES];
      }
      if (i >= LOOP_FRAMES - 1 && along > 1e-9) least = Math.min(least, across / along);
    }
  }
  return Math.max(0, least);
}

/** Mean green of CELLS x CELLS cells. */
function smallPicture({ width, height, data }: Picture): Float64Array {
  const sum = new Float64Array(CELLS * CELLS), count = new Float64Array(CELLS * CELLS);
  for (let y = 0; y < height; y++) {
    const row = CELLS * Math.floor(y * CELLS / height);
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor(x * CELLS / width);
      sum[cell] += data[3 * (y * width + x) + 1];
      count[cell]++;
    }
  }
  return sum.map((value, i) => count[i] === 0 ? 0 : value / count[i]);
}

/** Sum of squares, so that sums over a stretch can slide. */
function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
