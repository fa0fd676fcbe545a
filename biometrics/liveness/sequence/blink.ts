/**
 * Blinks: short closures of both eyes. A picture does not blink; a replayed video does. People at rest blink
 * about 17 times a minute (Bentivoglio et al., Movement Disorders 1997), so their absence says more the longer
 * one looks.
 */
import { sigmoid } from '../logistic.ts';
import type { DetectorVerdict } from '../verdict.ts';
import { SEQUENCE_CALIBRATION } from './calibration.ts';
import { eyeOpenness } from './eye-openness.ts';
import { durationMs, isOrdered, longestTrack, type SequenceFrame, unjudged } from './frame.ts';
import { median, robustDeviation } from './numbers.ts';

const DETECTOR = 'blink';

const BLINKS_PER_SECOND = 17 / 60;
/** Width at half depth of a spontaneous blink (Caffier et al. 2003: 100 to 400 ms, longer when tired). */
const SHORTEST_MS = 50, LONGEST_MS = 600;
/** Lids are compared with their median over this time before and after. */
const SURROUNDING_MS = 1000;
/** A slower sequence can miss a blink between two frames. */
const MIN_FRAMES_PER_SECOND = 8;
const MIN_DURATION_MS = 1500;

export interface Blink {
  readonly timeMs: number;
  /** Width at half depth. */
  readonly durationMs: number;
  /** Share of the opening that was closed at the deepest frame, 0..1. */
  readonly depth: number;
}

export function scoreBlinks(frames: readonly SequenceFrame[]): DetectorVerdict {
  if (!isOrdered(frames)) return unjudged(DETECTOR, 'frame times do not rise');
  const track = longestTrack(frames), duration = durationMs(track);
  if (duration < MIN_DURATION_MS) return unjudged(DETECTOR, 'too short to expect a blink');
  if ((track.length - 1) * 1000 / duration < MIN_FRAMES_PER_SECOND) {
    return unjudged(DETECTOR, 'too few frames per second to see a blink');
  }
  const blinks = findBlinks(track.map((frame) => [frame.timeMs, eyeOpenness(frame)]));
  const deepest = Math.max(0, ...blinks.map(({ depth }) => depth));
  const { depth, slope } = SEQUENCE_CALIBRATION.blink;
  const seen = blinks.filter((blink) => blink.depth >= depth).length;
  return {
    detector: DETECTOR,
    score: sigmoid(slope * (deepest - depth)),
    // probability that a living person would have blinked in this time
    confidence: seen > 0 ? 1 : 1 - Math.exp(-BLINKS_PER_SECOND * duration / 1000),
    reason: seen > 0
      ? `${seen} blink${seen > 1 ? 's' : ''} in ${(duration / 1000).toFixed(1)} s`
      : `no blink in ${(duration / 1000).toFixed(1)} s`,
  };
}

/**
 * Closures of plausible length, shallow ones too, in the order of time.
 * @param series times in milliseconds, rising, and openness
 */
export function findBlinks(series: readonly (readonly [timeMs: number, open: number])[]): Blink[] {
  const known = series.filter(([, open]) => Number.isFinite(open));
  if (known.length < 5) return [];
  const closed = known.map(([timeMs, open]) => {
    const around = known.filter(([t]) => Math.abs(t - timeMs) <= SURROUNDING_MS);
    const usual = median(around.map(([, value]) => value));
    return usual > 0 ? 1 - open / usual : 0;
  });
  // three deviations of the jitter are no closure
  const floor = 3 * robustDeviation(closed);
  const blinks: Blink[] = [];
  for (let i = 1; i + 1 < closed.length; i++) {
    if (closed[i] <= floor || closed[i] < closed[i - 1] || closed[i] <= closed[i + 1]) continue;
    let start = i, end = i;
    while (start > 0 && closed[start - 1] > closed[i] / 2) start--;
    while (end + 1 < closed.length && closed[end + 1] > closed[i] / 2) end++;
    // it must open again within the sequence, and be deepest here
    if (start === 0 || end + 1 === closed.length) continue;
    if (closed.slice(start, end + 1).some((value) => value > closed[i])) continue;
    const durationMs = crossing(known, closed, end, closed[i] / 2) -
      crossing(known, closed, start - 1, closed[i] / 2);
    if (durationMs < SHORTEST_MS || durationMs > LONGEST_MS) continue;
    blinks.push({ timeMs: known[i][0], durationMs, depth: Math.min(1, closed[i]) });
  }
  return blinks;
}

/** Time between frame i and the next at which the closure passes the level. */
function crossing(
  known: readonly (readonly [number, number])[],
  closed: readonly number[],
  i: number,
  level: number,
): number {
  const part = (level - closed[i]) / (closed[i + 1] - closed[i]);
  return known[i][0] + part * (known[i + 1][0] - known[i][0]);
}
