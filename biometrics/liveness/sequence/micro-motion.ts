/**
 * Small movements of a living face: lids, brows and mouth move by themselves, slowly against the frame rate.
 * A picture on a tripod moves not at all, one in a hand moves as a whole.
 */
import { sigmoid } from '../logistic.ts';
import type { DetectorVerdict } from '../verdict.ts';
import { SEQUENCE_CALIBRATION } from './calibration.ts';
import { MOVING_POINTS, pointsOf, RIGID_POINTS } from './face-points.ts';
import { durationMs, isOrdered, longestTrack, type SequenceFrame, unjudged } from './frame.ts';
import { fitHomography, project } from './homography.ts';
import { mean } from './numbers.ts';

const DETECTOR = 'micro-motion';

const MIN_DURATION_MS = 2000, MIN_FRAMES_PER_SECOND = 7.5, MIN_FRAMES = 12;
/** Movements of a face between these rates in hertz; the mesh's jitter reaches above them as well. */
const SLOWEST = 0.3, FASTEST = 3;
export interface MicroMotion {
  /** Root mean square of the slow movements of parts of the face, in widths of the face. */
  readonly parts: number;
  /** Root mean square of the movement of the face as a whole, in the same unit. */
  readonly whole: number;
}

export function scoreMicroMotion(frames: readonly SequenceFrame[]): DetectorVerdict {
  if (!isOrdered(frames)) return unjudged(DETECTOR, 'frame times do not rise');
  const track = longestTrack(frames), duration = durationMs(track);
  if (duration < MIN_DURATION_MS) return unjudged(DETECTOR, 'shorter than 2 seconds');
  if ((track.length - 1) * 1000 / duration < MIN_FRAMES_PER_SECOND) {
    return unjudged(DETECTOR, 'too few frames per second');
  }
  const motion = measureMicroMotion(track);
  if (motion === undefined) return unjudged(DETECTOR, 'the landmarks fix no movement');
  const { parts, slope, confidence } = SEQUENCE_CALIBRATION.microMotion;
  const alive = motion.parts >= parts;
  const percent = (100 * motion.parts).toFixed(2);
  return {
    detector: DETECTOR,
    score: sigmoid(slope * Math.log(Math.max(motion.parts, 1e-6) / parts)),
    confidence,
    reason: alive
      ? `parts of the face move by themselves (${percent} %)`
      : motion.whole < motion.parts
      ? `nothing moves (${percent} %)`
      : `the face moves as a whole only (${percent} %)`,
  };
}

/**
 * Spectrum of the points that an expression moves, after the movement of the whole face has been taken off as
 * a homography of the points on bone.
 * @param track frames of one face, times rising
 * @returns undefined when no frame fixes a homography
 */
export function measureMicroMotion(track: readonly SequenceFrame[]): MicroMotion | undefined {
  const reference = pointsOf(track[track.length >> 1].scene.mesh, RIGID_POINTS);
  const size = spreadOf(reference);
  const timesMs: number[] = [];
  const moving = Array.from({ length: 2 * MOVING_POINTS.length }, (): number[] => []);
  const middle: [number[], number[]] = [[], []];
  for (const { timeMs, scene: { mesh } } of track) {
    const bone = pointsOf(mesh, RIGID_POINTS), points = pointsOf(mesh, MOVING_POINTS);
    const map = fitHomography(bone, reference);
    if (map === undefined) continue;
    timesMs.push(timeMs);
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = project(map, points[i], points[i + 1]);
      moving[i].push(x / size);
      moving[i + 1].push(y / size);
    }
    for (const axis of [0, 1] as const) {
      middle[axis].push(mean(bone.filter((_, i) => i % 2 === axis)) / size);
    }
  }
  if (timesMs.length < MIN_FRAMES) return undefined;
  return { parts: slowMotion(timesMs, moving), whole: slowMotion(timesMs, middle) };
}

/** Root mean square distance from the middle. */
function spreadOf(points: Float64Array): number {
  const x = mean(points.filter((_, i) => i % 2 === 0)),
    y = mean(points.filter((_, i) => i % 2 === 1));
  return Math.sqrt(2 * mean(points.map((value, i) => (value - (i % 2 === 0 ? x : y)) ** 2)));
}

/**
 * Root mean square distance of points from their middle by movement between SLOWEST and FASTEST, less what
 * their jitter above FASTEST adds to that band.
 * @param coordinates as many series of x as of y
 */
function slowMotion(
  timesMs: readonly number[],
  coordinates: readonly (readonly number[])[],
): number {
  const count = timesMs.length, seconds = (timesMs[count - 1] - timesMs[0]) / 1000;
  const nyquist = (count - 1) / seconds / 2;
  const levels = coordinates.map(mean);
  const cos = new Float64Array(count), sin = new Float64Array(count);
  let slow = 0, slowBins = 0, fast = 0, fastBins = 0;
  for (let k = Math.ceil(SLOWEST * seconds); k / seconds <= nyquist; k++) {
    for (let i = 0; i < count; i++) {
      const angle = 2 * Math.PI * k * (timesMs[i] - timesMs[0]) / 1000 / seconds;
      cos[i] = Math.cos(angle);
      sin[i] = Math.sin(angle);
    }
    let here = 0;
    coordinates.forEach((values, c) => {
      let re = 0, im = 0;
      for (let i = 0; i < count; i++) {
        re += (values[i] - levels[c]) * cos[i];
        im += (values[i] - levels[c]) * sin[i];
      }
      here += 2 * (re * re + im * im) / count ** 2;
    });
    if (k / seconds <= FASTEST) [slow, slowBins] = [slow + here, slowBins + 1];
    else [fast, fastBins] = [fast + here, fastBins + 1];
  }
  const jitter = fastBins === 0 ? 0 : slowBins * fast / fastBins;
  return Math.sqrt(Math.max(0, 2 * (slow - jitter) / coordinates.length));
}
