/**
 * Pulse from the colour of the skin: plane-orthogonal-to-skin projection (Wang, den Brinker, Stuijk, de Haan,
 * Algorithmic principles of remote PPG, IEEE TBME 2017), judged by the signal-to-noise ratio of de Haan and
 * Jeanne (2013). Video compression, movement and flicker hide a pulse easily, and a replayed video may carry
 * one, so the confidence is low by design.
 */
import { sigmoid } from '../logistic.ts';
import type { DetectorVerdict } from '../verdict.ts';
import { SEQUENCE_CALIBRATION } from './calibration.ts';
import { durationMs, isOrdered, type SequenceFrame, unjudged } from './frame.ts';
import { mean } from './numbers.ts';
import { type LinearColour, skinColour } from './region-colour.ts';

const DETECTOR = 'pulse';

const MIN_DURATION_MS = 5000, MIN_FRAMES_PER_SECOND = 15;
/** Pulse rates that are looked for, and half the width of a peak, in hertz. */
const LOWEST = 0.7, HIGHEST = 3, PEAK = 0.15;
/** The paper's window of 1.6 s: a heart beat at least. */
const WINDOW_SECONDS = 1.6;
/** Step of the spectrum in hertz. */
const STEP = 0.02;
/** Confidence of the clearest answer. */
const MAX_CONFIDENCE = 0.3;

export interface Pulse {
  readonly beatsPerMinute: number;
  /** Power at the pulse and its first harmonic over the rest of the band, in decibels. */
  readonly snrDb: number;
}

export function scorePulse(frames: readonly SequenceFrame[]): DetectorVerdict {
  if (!isOrdered(frames)) return unjudged(DETECTOR, 'frame times do not rise');
  const seconds = durationMs(frames) / 1000;
  if (seconds * 1000 < MIN_DURATION_MS) return unjudged(DETECTOR, 'shorter than 5 seconds');
  const seen = frames.flatMap((frame) => {
    const colour = skinColour(frame.scene);
    return colour === undefined ? [] : [{ timeMs: frame.timeMs, colour }];
  });
  const rate = (seen.length - 1) / seconds;
  if (!(rate >= MIN_FRAMES_PER_SECOND)) {
    return unjudged(DETECTOR, 'fewer than 15 frames with visible skin per second');
  }
  const pulse = findPulse(seen);
  if (pulse === undefined) return unjudged(DETECTOR, 'the colour of the skin does not change');
  const { snrDb, slope } = SEQUENCE_CALIBRATION.pulse;
  return {
    detector: DETECTOR,
    score: sigmoid(slope * (pulse.snrDb - snrDb)),
    confidence: MAX_CONFIDENCE * Math.min(1, seconds / 10),
    reason: `strongest rhythm ${pulse.beatsPerMinute.toFixed(0)} per minute, ` +
      `signal to noise ${pulse.snrDb.toFixed(1)} dB`,
  };
}

/**
 * @param seen at least 5 s of mean skin colour at 15 per second or more, times rising
 * @returns undefined for a colour that never changes
 */
export function findPulse(
  seen: readonly { readonly timeMs: number; readonly colour: LinearColour }[],
): Pulse | undefined {
  const { rate, channels } = evenly(seen);
  const signal = planeOrthogonalToSkin(channels, Math.round(WINDOW_SECONDS * rate));
  const power = (frequency: number) => powerAt(signal, frequency / rate);
  let peak = LOWEST, strongest = 0, band = 0;
  for (let f = LOWEST; f <= HIGHEST; f += STEP) {
    const here = power(f);
    if (here > strongest) [strongest, peak] = [here, f];
  }
  let atPulse = 0;
  // the band is widened for the harmonic of fast pulses
  for (let f = LOWEST; f <= 2 * HIGHEST && f < rate / 2; f += STEP) {
    const here = power(f);
    if (Math.abs(f - peak) <= PEAK || Math.abs(f - 2 * peak) <= PEAK) atPulse += here;
    else band += here;
  }
  if (!(atPulse > 1e-18) || !(band > 0)) return undefined;
  return { beatsPerMinute: 60 * peak, snrDb: 10 * Math.log10(atPulse / band) };
}

/** Linear interpolation to even steps of the mean interval. */
function evenly(seen: readonly { readonly timeMs: number; readonly colour: LinearColour }[]) {
  const count = seen.length, start = seen[0].timeMs;
  const step = (seen[count - 1].timeMs - start) / (count - 1);
  const channels = [0, 1, 2].map(() => new Float64Array(count));
  for (let i = 0, at = 0; i < count; i++) {
    const time = start + i * step;
    while (at + 2 < count && seen[at + 1].timeMs < time) at++;
    const a = seen[at], b = seen[at + 1];
    const part = Math.max(0, Math.min(1, (time - a.timeMs) / (b.timeMs - a.timeMs)));
    channels.forEach((channel, c) => channel[i] = a.colour[c] * (1 - part) + b.colour[c] * part);
  }
  return { rate: 1000 / step, channels };
}

/** Wang et al. 2017, algorithm 1: windows normalised by their mean, projected, tuned, added up. */
function planeOrthogonalToSkin(channels: readonly Float64Array[], length: number): Float64Array {
  const count = channels[0].length, out = new Float64Array(count);
  const first = new Float64Array(length), second = new Float64Array(length);
  for (let start = 0; start + length <= count; start++) {
    const [red, green, blue] = channels.map((channel) => {
      const window = channel.subarray(start, start + length), level = mean(window);
      return window.map((value) => value / level);
    });
    for (let i = 0; i < length; i++) {
      first[i] = green[i] - blue[i];
      second[i] = green[i] + blue[i] - 2 * red[i];
    }
    const other = deviation(second);
    const alpha = other > 0 ? deviation(first) / other : 0;
    const level = mean(first) + alpha * mean(second);
    for (let i = 0; i < length; i++) out[start + i] += first[i] + alpha * second[i] - level;
  }
  return out;
}

function deviation(values: Float64Array): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Power of a Hann-windowed signal at a frequency in cycles per sample. */
function powerAt(signal: Float64Array, frequency: number): number {
  let re = 0, im = 0;
  for (let i = 0; i < signal.length; i++) {
    const hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / signal.length);
    const angle = 2 * Math.PI * frequency * i;
    re += hann * signal[i] * Math.cos(angle);
    im += hann * signal[i] * Math.sin(angle);
  }
  return (re * re + im * im) / signal.length ** 2;
}
