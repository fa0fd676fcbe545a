/**
 * Does the face take on the colours that the screen showed? The shown order is a secret of this presentation,
 * so a recording cannot follow it. The p-value is exact: the same colours in other orders are the null.
 */
import { randomNumbers } from '../../random-numbers.ts';
import type { DetectorVerdict } from '../verdict.ts';
import { isOrdered, type SequenceFrame, unjudged } from './frame.ts';
import { mean, unitRange } from './numbers.ts';
import { backgroundColour, type LinearColour, skinColour } from './region-colour.ts';

const DETECTOR = 'colour-response';

/** A colour that filled the screen from this time until the next one. */
export interface ShownColour {
  /** On the clock of the frames. */
  readonly timeMs: number;
  /** Red, green, blue in linear light, 0..1. */
  readonly colour: LinearColour;
}

/** Delay of display, camera and transport that is searched. */
const MAX_LAG_MS = 400, LAG_STEP_MS = 20;
const PERMUTATIONS = 999;
/** Fewer colours have too few orders, fewer frames per colour too little to average. */
const MIN_COLOURS = 4, MIN_FRAMES_PER_COLOUR = 2;
/** The work of the null grows with the square of their number. */
const MAX_COLOURS = 64;

/** Two log ratios of colour channels at a time; the shown colour has differences instead. */
interface Chroma {
  readonly timeMs: number;
  readonly values: readonly [number, number];
}

/** @param shown in the order of their times; the first one is on before the first frame it shall explain */
export function scoreColourResponse(
  frames: readonly SequenceFrame[],
  shown: readonly ShownColour[],
): DetectorVerdict {
  if (!isOrdered(frames)) return unjudged(DETECTOR, 'frame times do not rise');
  if (!shown.every((one, i) => isValid(one) && (i === 0 || one.timeMs > shown[i - 1].timeMs))) {
    return unjudged(DETECTOR, 'the shown colours have no valid times');
  }
  if (shown.length > MAX_COLOURS) return unjudged(DETECTOR, 'too many colours');
  const skin = chromaOf(frames, (frame) => skinColour(frame.scene));
  if (shown.length < MIN_COLOURS || skin.length < MIN_FRAMES_PER_COLOUR * shown.length) {
    return unjudged(DETECTOR, 'too few colours or frames');
  }
  const colours = shown.map(({ colour: [r, g, b] }) => [r - g, b - g] as const);
  const orders = countOrders(colours);
  const lags = Array.from({ length: MAX_LAG_MS / LAG_STEP_MS + 1 }, (_, i) => i * LAG_STEP_MS);
  const alignments = lags.flatMap((lagMs) => align(skin, shown, lagMs) ?? []);
  const answer = respond(alignments, colours);
  if (answer === undefined || orders < 2) return unjudged(DETECTOR, 'nothing changed in colour');

  const random = randomNumbers(shown.length);
  let atLeast = 1;
  for (let i = 0; i < PERMUTATIONS; i++) {
    const other = respond(alignments, shuffled(colours, random));
    if (other !== undefined && other.correlation >= answer.correlation - 1e-12) atLeast++;
  }
  const p = atLeast / (PERMUTATIONS + 1);
  const wall = chromaOf(frames, (frame) => backgroundColour(frame.scene));
  const behind = align(wall, shown, answer.lagMs);
  const background = behind && respond([behind], colours);
  // a room answers less than the face in front of the screen; a tinted recording answers as a whole
  const everywhere = background !== undefined && background.gain >= answer.gain;
  return {
    detector: DETECTOR,
    score: (1 - p) * (everywhere ? 0.5 : 1),
    confidence: unitRange(Math.log10(Math.min(orders, PERMUTATIONS + 1)) / 3),
    reason: `correlation ${answer.correlation.toFixed(2)} with the shown colours at ` +
      `${answer.lagMs} ms, p = ${p.toFixed(3)}` +
      (everywhere ? '; the background answers as strongly as the face' : ''),
  };
}

function isValid({ timeMs, colour }: ShownColour): boolean {
  return Number.isFinite(timeMs) && colour.every((value) => value >= 0 && value <= 1);
}

/** Log ratios to green: reflectance drops out of their changes. */
function chromaOf(
  frames: readonly SequenceFrame[],
  colourOf: (frame: SequenceFrame) => LinearColour | undefined,
): Chroma[] {
  return frames.flatMap((frame): Chroma[] => {
    const colour = colourOf(frame);
    if (colour === undefined) return [];
    const [r, g, b] = colour.map(Math.log);
    return [{ timeMs: frame.timeMs, values: [r - g, b - g] }];
  });
}

interface Response {
  /** Pooled over both ratios, at the best lag. */
  readonly correlation: number;
  readonly lagMs: number;
  /** Log ratio per shown difference. */
  readonly gain: number;
}

/** The skin against the times of the shown colours, at one lag: all that does not depend on their order. */
interface Alignment {
  readonly lagMs: number;
  /** Sum of each of the two ratios, less its trend, over the frames in which colour k was on. */
  readonly sums: readonly [Float64Array, Float64Array];
  /** Squares of both ratios, less their trend. */
  readonly squares: number;
  /** Products of the times of colours k and l, less their trends: row k, column l. */
  readonly overlaps: Float64Array;
}

/** @returns undefined when too few frames fall into the shown colours, or nothing changes in them */
function align(
  chroma: readonly Chroma[],
  shown: readonly ShownColour[],
  lagMs: number,
): Alignment | undefined {
  const times: number[] = [], on: number[] = [], values: [number[], number[]] = [[], []];
  let current = 0;
  for (const one of chroma) {
    const timeMs = one.timeMs - lagMs;
    while (current + 1 < shown.length && shown[current + 1].timeMs <= timeMs) current++;
    if (shown[current].timeMs > timeMs) continue;
    times.push(timeMs);
    on.push(current);
    for (const c of [0, 1] as const) values[c].push(one.values[c]);
  }
  if (times.length < MIN_FRAMES_PER_COLOUR * MIN_COLOURS) return undefined;
  const count = shown.length, overlaps = new Float64Array(count * count);
  const sums = [new Float64Array(count), new Float64Array(count)] as const;
  let squares = 0;
  for (const c of [0, 1] as const) {
    withoutTrend(times, values[c]).forEach((value, i) => {
      sums[c][on[i]] += value;
      squares += value * value;
    });
  }
  for (let k = 0; k < count; k++) {
    withoutTrend(times, on.map((colour) => colour === k ? 1 : 0)).forEach((value, i) => {
      overlaps[count * k + on[i]] += value;
    });
  }
  return squares > 1e-15 ? { lagMs, sums, squares, overlaps } : undefined;
}

/** The best lag for colours in one order. */
function respond(
  alignments: readonly Alignment[],
  colours: readonly (readonly [number, number])[],
): Response | undefined {
  const count = colours.length;
  let best: Response | undefined;
  for (const { lagMs, sums, squares, overlaps } of alignments) {
    let both = 0, light = 0;
    for (const c of [0, 1] as const) {
      for (let k = 0; k < count; k++) {
        both += sums[c][k] * colours[k][c];
        for (let l = 0; l < count; l++) {
          light += colours[k][c] * overlaps[count * k + l] * colours[l][c];
        }
      }
    }
    if (!(light > 1e-9)) continue;
    const correlation = both / Math.sqrt(squares * light);
    if (best === undefined || correlation > best.correlation) {
      best = { correlation, lagMs, gain: both / light };
    }
  }
  return best;
}

/** Values less their straight line over time. */
function withoutTrend(times: readonly number[], values: readonly number[]): number[] {
  const t = mean(times), v = mean(values);
  let tt = 0, tv = 0;
  times.forEach((time, i) => {
    tt += (time - t) ** 2;
    tv += (time - t) * (values[i] - v);
  });
  const slope = tt > 0 ? tv / tt : 0;
  return values.map((value, i) => value - v - slope * (times[i] - t));
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i--) {
    const k = Math.floor(random() * (i + 1));
    [out[i], out[k]] = [out[k], out[i]];
  }
  return out;
}

/** In how many different orders the colours could have been shown. */
function countOrders(colours: readonly (readonly [number, number])[]): number {
  const seen = new Map<string, number>();
  let orders = 1;
  colours.forEach((colour, i) => {
    const repeats = (seen.get(colour.join()) ?? 0) + 1;
    seen.set(colour.join(), repeats);
    orders *= (i + 1) / repeats;
  });
  return orders;
}
