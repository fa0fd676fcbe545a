/**
 * Does the face take on the colours that the screen showed? The shown order is a secret of this presentation,
 * so a recording cannot follow it. The p-value is exact: the same colours in other orders are the null.
 */
import type { DetectorVerdict } from '../verdict.ts';
import { isOrdered, type SequenceFrame, unjudged } from './frame.ts';
import { unitRange } from './numbers.ts';
import { seededRandom } from './random.ts';
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
  const skin = chromaOf(frames, (frame) => skinColour(frame.scene));
  if (shown.length < MIN_COLOURS || skin.length < MIN_FRAMES_PER_COLOUR * shown.length) {
    return unjudged(DETECTOR, 'too few colours or frames');
  }
  const colours = shown.map(({ colour: [r, g, b] }) => [r - g, b - g] as const);
  const orders = countOrders(colours);
  const answer = response(skin, shown, colours);
  if (answer === undefined || orders < 2) return unjudged(DETECTOR, 'nothing changed in colour');

  const random = seededRandom(shown.length);
  let atLeast = 1;
  for (let i = 0; i < PERMUTATIONS; i++) {
    const other = response(skin, shown, shuffled(colours, random));
    if (other !== undefined && other.correlation >= answer.correlation - 1e-12) atLeast++;
  }
  const p = atLeast / (PERMUTATIONS + 1);
  const background = response(
    chromaOf(frames, (frame) => backgroundColour(frame.scene)),
    shown,
    colours,
    answer.lagMs,
  );
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

function response(
  chroma: readonly Chroma[],
  shown: readonly ShownColour[],
  colours: readonly (readonly [number, number])[],
  onlyLagMs?: number,
): Response | undefined {
  let best: Response | undefined;
  const from = onlyLagMs ?? 0, to = onlyLagMs ?? MAX_LAG_MS;
  for (let lagMs = from; lagMs <= to; lagMs += LAG_STEP_MS) {
    const seen: number[][] = [], light: number[][] = [];
    let current = 0;
    for (const { timeMs, values } of chroma) {
      while (current + 1 < shown.length && shown[current + 1].timeMs <= timeMs - lagMs) current++;
      if (shown[current].timeMs > timeMs - lagMs) continue;
      seen.push([timeMs, ...values]);
      light.push([timeMs, ...colours[current]]);
    }
    if (seen.length < 2 * MIN_COLOURS) continue;
    let both = 0, ofSeen = 0, ofLight = 0;
    for (const channel of [1, 2]) {
      const a = withoutTrend(seen, channel), b = withoutTrend(light, channel);
      for (let i = 0; i < a.length; i++) {
        both += a[i] * b[i];
        ofSeen += a[i] * a[i];
        ofLight += b[i] * b[i];
      }
    }
    if (!(ofSeen > 1e-15) || !(ofLight > 1e-15)) continue;
    const correlation = both / Math.sqrt(ofSeen * ofLight);
    if (best === undefined || correlation > best.correlation) {
      best = { correlation, lagMs, gain: both / ofLight };
    }
  }
  return best;
}

/** One column of rows that start with their time, less its straight line over time. */
function withoutTrend(rows: readonly (readonly number[])[], column: number): number[] {
  const n = rows.length;
  let t = 0, v = 0, tt = 0, tv = 0;
  for (const row of rows) {
    t += row[0] / n;
    v += row[column] / n;
  }
  for (const row of rows) {
    tt += (row[0] - t) ** 2;
    tv += (row[0] - t) * (row[column] - v);
  }
  const slope = tt > 0 ? tv / tt : 0;
  return rows.map((row) => row[column] - v - slope * (row[0] - t));
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
