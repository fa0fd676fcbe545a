import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { longestTrack } from '../../../../biometrics/liveness/sequence/frame.ts';
import {
  MAX_SEQUENCE_FRAMES,
  scoreSequence,
} from '../../../../biometrics/liveness/sequence/score.ts';
import { frameOf } from '../../support/frames.ts';
import { head } from '../../support/head.ts';

const NAMES = ['rigidity', 'blink', 'micro-motion', 'colour-response', 'pulse', 'frame-timing'];
const SHOWN = Array.from({ length: 5 }, (_, i) => ({
  timeMs: 300 * i,
  colour: [i % 2, 0, (i >> 1) % 2] as [number, number, number],
}));

describe('a sequence', () => {
  test('is put to every detector; colours only where some were shown', () => {
    const all = scoreSequence([], { shownColours: SHOWN });
    expect(all.map(({ detector }) => detector)).toEqual(NAMES);
    expect(scoreSequence([]).map(({ detector }) => detector))
      .toEqual(NAMES.filter((name) => name !== 'colour-response'));
  });

  test('of no or one frame is judged by none', () => {
    for (const frames of [[], [frameOf(0, head())]]) {
      for (const verdict of scoreSequence(frames, { shownColours: SHOWN })) {
        expect(verdict).toMatchObject({ score: 0.5, confidence: 0 });
        expect(verdict.reason).not.toBe('');
      }
    }
  });

  test('of any times and points gets scores between 0 and 1', () => {
    const time = fc.oneof(fc.double(), fc.integer({ min: 0, max: 5000 }));
    const place = fc.oneof(fc.integer({ min: -50, max: 300 }), fc.double(), fc.constant(NaN));
    const spoilt = fc.record({
      time,
      x: place,
      size: fc.integer({ min: 0, max: 90 }),
      point: fc.integer({ min: 0, max: 467 }),
      value: place,
    });
    fc.assert(
      fc.property(fc.array(spoilt, { maxLength: 24 }), fc.boolean(), (parts, sorted) => {
        const frames = parts.map(({ time, x, size, point, value }) => {
          const mesh = head([], x, 100, size);
          mesh[3 * point] = value;
          return frameOf(time, mesh);
        });
        if (sorted) frames.sort((a, b) => a.timeMs - b.timeMs);
        for (const verdict of scoreSequence(frames, { shownColours: SHOWN })) {
          expect(verdict.score).toBeWithin(0, 1 + Number.EPSILON);
          expect(verdict.confidence).toBeWithin(0, 1 + Number.EPSILON);
          expect(verdict.reason).not.toMatch(/NaN|undefined|Infinity/);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is looked at up to a limit', () => {
    const frames = Array.from(
      { length: MAX_SEQUENCE_FRAMES + 50 },
      (_, i) => frameOf(i < MAX_SEQUENCE_FRAMES ? 40 * i : NaN, head()),
    );
    const timing = scoreSequence(frames).find(({ detector }) => detector === 'frame-timing');
    expect(timing?.reason).not.toContain('do not rise');
  });
});

describe('the longest track', () => {
  const at = (x: number, size = 60) => frameOf(0, head([], x, 100, size));

  test('ends where the face jumps, changes its size or is lost', () => {
    const lost = frameOf(0, head().fill(NaN, 30, 31));
    expect(longestTrack([at(0), at(300), at(305), at(310)])).toHaveLength(3);
    expect(longestTrack([at(0), at(5), at(5, 120)])).toHaveLength(2);
    expect(longestTrack([at(0), lost, at(0), at(1), lost])).toHaveLength(2);
    expect(longestTrack([lost])).toHaveLength(0);
  });
});
