import { describe, expect, test } from 'bun:test';
import type { SequenceFrame } from '../../../../biometrics/liveness/sequence/frame.ts';
import {
  measureMicroMotion,
  scoreMicroMotion,
} from '../../../../biometrics/liveness/sequence/micro-motion.ts';
import { seeded } from '../../support/crowd.ts';
import { frameOf } from '../../support/frames.ts';
import { head, roll } from '../../support/head.ts';

const MOUTH = [0, 17, 13, 14, 61, 291];

interface Movement {
  readonly jitter?: number;
  /** Pixels by which the mouth goes up and down, once a second. */
  readonly mouth?: number;
  /** Pixels and degrees by which the whole face goes to and fro, once a second. */
  readonly hand?: number;
}

function film({ jitter = 0, mouth = 0, hand = 0 }: Movement, perSecond = 10): SequenceFrame[] {
  const random = seeded(11);
  return Array.from({ length: 4 * perSecond + 1 }, (_, i) => {
    const wave = Math.sin(2 * Math.PI * i / perSecond);
    const mesh = head([roll(hand * wave)], 100 + hand * wave).map((v) => v + jitter * random());
    for (const point of MOUTH) mesh[3 * point + 1] += mouth * wave;
    return frameOf(1000 * i / perSecond, mesh);
  });
}

describe('micro-motion', () => {
  test('is nothing where nothing moves', () => {
    expect(measureMicroMotion(film({}))!.parts).toBeLessThan(1e-4);
    expect(measureMicroMotion(film({}))!.whole).toBeLessThan(1e-4);
    expect(scoreMicroMotion(film({ jitter: 0.1 })).reason).toMatch(/moves/);
  });

  test('of a hand moves the whole and no part', () => {
    const { parts, whole } = measureMicroMotion(film({ hand: 5 }))!;
    expect(whole).toBeGreaterThan(0.05);
    expect(parts).toBeLessThan(1e-3);
    const verdict = scoreMicroMotion(film({ hand: 5 }));
    expect(verdict.score).toBeLessThan(0.2);
    expect(verdict.reason).toContain('as a whole only');
  });

  test('of a mouth is a movement of parts, in a moving face too', () => {
    const alone = measureMicroMotion(film({ mouth: 6 }))!.parts;
    const carried = measureMicroMotion(film({ mouth: 6, hand: 5 }))!.parts;
    expect(alone).toBeGreaterThan(0.02);
    expect(carried / alone).toBeGreaterThan(0.8);
    expect(carried / alone).toBeLessThan(1.25);
    expect(scoreMicroMotion(film({ mouth: 6 })).score).toBeGreaterThan(0.5);
  });

  test('is told from jitter by its slowness', () => {
    const jitter = measureMicroMotion(film({ jitter: 1 }))!.parts;
    const slow = measureMicroMotion(film({ mouth: 2.5 }))!.parts;
    expect(jitter).toBeLessThan(slow / 2);
  });

  test('cannot be judged in short or slow sequences', () => {
    expect(scoreMicroMotion(film({}).slice(0, 15)).confidence).toBe(0);
    expect(scoreMicroMotion(film({}, 5)).confidence).toBe(0);
  });
});
