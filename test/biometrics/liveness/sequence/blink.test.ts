import { describe, expect, test } from 'bun:test';
import { findBlinks, scoreBlinks } from '../../../../biometrics/liveness/sequence/blink.ts';
import { eyeOpenness } from '../../../../biometrics/liveness/sequence/eye-openness.ts';
import type { SequenceFrame } from '../../../../biometrics/liveness/sequence/frame.ts';
import { seeded } from '../../support/crowd.ts';
import { frameOf, withPoints } from '../../support/frames.ts';
import { head } from '../../support/head.ts';

/** Openness at 25 per second with jitter; each closure falls and rises linearly. */
function series(seconds: number, closures: readonly (readonly [start: number, length: number])[]) {
  const random = seeded(9);
  return Array.from({ length: 25 * seconds }, (_, i): [number, number] => {
    const timeMs = 40 * i;
    const closed = Math.max(
      0,
      ...closures.map(([start, length]) => 1 - Math.abs(timeMs - start) / length),
    );
    return [timeMs, 0.3 * (1 - 0.9 * closed) + 0.004 * random()];
  });
}

/** A mesh whose lids are so far open, in widths of the eye. */
function eyesOpen(open: number): Float32Array {
  const mesh = head();
  const eye = (outer: number, inner: number, lids: readonly (readonly [number, number])[]) => {
    const x = mesh[3 * outer], width = mesh[3 * inner] - x, y = mesh[3 * outer + 1];
    mesh[3 * inner + 1] = y;
    return Object.fromEntries(lids.flatMap(([upper, lower], i): [number, [number, number]][] => {
      const at = x + width * (i + 1) / (lids.length + 1), half = Math.abs(width) * open / 2;
      return [[upper, [at, y - half]], [lower, [at, y + half]]];
    }));
  };
  return withPoints(mesh, {
    ...eye(33, 133, [[160, 144], [159, 145], [158, 153]]),
    ...eye(263, 362, [[387, 373], [386, 374], [385, 380]]),
  });
}

function film(seconds: number, closures: readonly (readonly [number, number])[]): SequenceFrame[] {
  return series(seconds, closures).map(([timeMs, open]) => frameOf(timeMs, eyesOpen(open)));
}

describe('openness of the eyes', () => {
  test('is the height of the opening in widths of the eye', () => {
    expect(eyeOpenness(frameOf(0, eyesOpen(0.3)))).toBeCloseTo(0.3, 5);
    expect(eyeOpenness(frameOf(0, eyesOpen(0.05)))).toBeCloseTo(0.05, 5);
  });

  test('comes from refined eyes where there are any', () => {
    const contour = new Float32Array(142);
    for (let i = 0; i <= 8; i++) contour.set([10 * i, 0], 2 * i);
    for (let i = 9; i <= 15; i++) contour.set([10 * (i - 8), -16], 2 * i);
    const eye = { contour, iris: new Float32Array(10) };
    const frame = { ...frameOf(0, eyesOpen(0.3)), eyes: { right: eye, left: eye } };
    expect(eyeOpenness(frame)).toBeCloseTo(0.2, 5);
  });
});

describe('blinks', () => {
  test('are found with their time, length and depth', () => {
    const blinks = findBlinks(series(6, [[1200, 150], [4000, 150]]));
    expect(blinks.map(({ timeMs }) => timeMs)).toEqual([1200, 4000]);
    for (const blink of blinks) {
      expect(blink.durationMs).toBeGreaterThan(110);
      expect(blink.durationMs).toBeLessThan(190);
      expect(blink.depth).toBeGreaterThan(0.8);
    }
  });

  test('are neither jitter, nor eyes that stay closed, nor a closure that the sequence cuts off', () => {
    expect(findBlinks(series(6, [])).filter(({ depth }) => depth > 0.1)).toEqual([]);
    const shut = series(6, []).map(([t, open]) => [t, t > 2000 && t < 4000 ? 0.05 : open] as const);
    expect(findBlinks(shut).filter(({ depth }) => depth > 0.1)).toEqual([]);
    expect(findBlinks(series(6, [[5960, 150]])).filter(({ depth }) => depth > 0.1)).toEqual([]);
  });

  test('speak for a living face', () => {
    const verdict = scoreBlinks(film(4, [[2000, 150]]));
    expect(verdict).toMatchObject({ detector: 'blink', confidence: 1, reason: '1 blink in 4.0 s' });
    expect(verdict.score).toBeGreaterThan(0.5);
  });

  test('that do not come speak against it, the more the longer one waits', () => {
    const [short, long] = [3, 12].map((seconds) => scoreBlinks(film(seconds, [])));
    expect(short.score).toBeLessThan(0.5);
    expect(short.confidence).toBeGreaterThan(0.5);
    expect(long.confidence).toBeGreaterThan(0.95);
    expect(long.confidence).toBeGreaterThan(short.confidence);
  });

  test('cannot be judged in slow, short or disordered sequences', () => {
    const frames = film(4, [[2000, 150]]);
    expect(scoreBlinks(frames.filter((_, i) => i % 5 === 0)).confidence).toBe(0);
    expect(scoreBlinks(frames.slice(0, 20)).confidence).toBe(0);
    expect(scoreBlinks(frames.toReversed()).confidence).toBe(0);
  });
});
