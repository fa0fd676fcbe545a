import { describe, expect, test } from 'bun:test';
import { SEQUENCE_CALIBRATION } from '../../../../biometrics/liveness/sequence/calibration.ts';
import { loopRatio, scoreTiming } from '../../../../biometrics/liveness/sequence/timing.ts';
import type { Picture } from '../../../../biometrics/types.ts';
import { seeded } from '../../support/crowd.ts';
import { frameOf } from '../../support/frames.ts';
import { head } from '../../support/head.ts';
import { paint } from '../../support/pictures.ts';

const COUNT = 40;

/** A bright spot that wanders, with sensor noise. */
function scene(time: number, seed: number): Picture {
  const random = seeded(seed);
  const cx = 24 + 14 * Math.sin(0.31 * time), cy = 24 + 14 * Math.sin(0.17 * time + 1);
  return paint(48, 48, (x, y) => {
    const light = 60 + 150 * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 60);
    return [0, 1, 2].map(() => Math.round(light + 3 * random())) as [number, number, number];
  });
}

const PICTURES = Array.from({ length: COUNT }, (_, i) => scene(i, i + 1));
const MESH = head();

/** Times of a camera: 33 ms and a little more or less. */
const jitter = seeded(77);
const TIMES = Array.from({ length: COUNT }, (_, i) => 33.3 * i + 2 * jitter());

function film(times: readonly number[], pictures: readonly Picture[] = PICTURES) {
  return times.map((timeMs, i) => frameOf(timeMs, MESH, pictures[i]));
}

describe('frame timing', () => {
  test('of a camera shows nothing, and says little by that', () => {
    const verdict = scoreTiming(film(TIMES));
    expect(verdict).toMatchObject({ detector: 'frame-timing', score: 1 });
    expect(verdict.confidence).toBeLessThan(0.3);
  });

  test('that does not rise, or is no number, is no camera', () => {
    for (const wrong of [TIMES[19], TIMES[18] - 1, NaN, Infinity]) {
      const verdict = scoreTiming(film(TIMES.map((time, i) => i === 20 ? wrong : time)));
      expect(verdict).toMatchObject({ score: 0, confidence: 1 });
      expect(verdict.reason).toContain('do not rise');
    }
  });

  test('faster than any camera is no camera', () => {
    expect(scoreTiming(film(TIMES.map((_, i) => i))).score).toBe(0);
  });

  test('that is exactly periodic is suspicious, rounded times of a camera are not', () => {
    const exact = scoreTiming(film(TIMES.map((_, i) => i * 1000 / 30)));
    expect(exact).toMatchObject({ score: 0.5, confidence: 1 });
    expect(exact.reason).toContain('exactly periodic');
    expect(scoreTiming(film(TIMES.map((_, i) => Math.round(i * 1000 / 30)))).score).toBe(1);
  });

  test('with repeated frames falls with their share', () => {
    const repeated = PICTURES.map((picture, i) => i % 5 === 4 ? PICTURES[i - 1] : picture);
    const verdict = scoreTiming(film(TIMES, repeated));
    expect(verdict.score).toBeCloseTo(1 - 2 * 8 / 39, 6);
    expect(verdict.reason).toContain('21 % of the frames repeat');
    expect(scoreTiming(film(TIMES, Array(COUNT).fill(PICTURES[0]))).score).toBe(0);
  });

  test('sees a loop, through new noise too', () => {
    const exact = PICTURES.map((_, i) => PICTURES[i % 17]);
    const noisy = PICTURES.map((_, i) => scene(i % 17, 100 + i));
    for (const pictures of [exact, noisy]) {
      const verdict = scoreTiming(film(TIMES, pictures));
      expect(verdict).toMatchObject({ score: 0, reason: 'a stretch of frames comes back' });
    }
  });

  test('takes neither a still scene nor movement for a loop', () => {
    const { loopRatio: threshold } = SEQUENCE_CALIBRATION.timing;
    expect(loopRatio(PICTURES)).toBeGreaterThan(2 * threshold);
    expect(loopRatio(PICTURES.map((_, i) => scene(0, i + 1)))).toBeGreaterThan(2 * threshold);
    expect(loopRatio(PICTURES.slice(0, 10))).toBe(Infinity);
    expect(loopRatio(Array(COUNT).fill(PICTURES[0]))).toBe(Infinity);
  });

  test('compares pictures of different sizes', () => {
    const mixed = PICTURES.map((picture, i) =>
      i % 2 === 0 ? picture : paint(20, 30, () => [9, 9, 9])
    );
    expect(Number.isFinite(scoreTiming(film(TIMES, mixed)).score)).toBe(true);
  });
});
