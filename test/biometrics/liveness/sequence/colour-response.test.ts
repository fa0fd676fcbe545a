import { describe, expect, test } from 'bun:test';
import {
  scoreColourResponse,
  type ShownColour,
} from '../../../../biometrics/liveness/sequence/colour-response.ts';
import type { SequenceFrame } from '../../../../biometrics/liveness/sequence/frame.ts';
import { frameOf } from '../../support/frames.ts';
import { head } from '../../support/head.ts';
import { litFace } from '../../support/lit-face.ts';

type Colour = readonly [number, number, number];

const RED: Colour = [1, 0, 0], GREEN: Colour = [0, 1, 0], BLUE: Colour = [0, 0, 1];
const WHITE: Colour = [1, 1, 1], YELLOW: Colour = [1, 1, 0], CYAN: Colour = [0, 1, 1];
const SHOWN = sequence([RED, CYAN, WHITE, BLUE, GREEN, YELLOW, RED, BLUE]);
const LAG_MS = 120;

function sequence(colours: readonly Colour[]): ShownColour[] {
  return colours.map((colour, i) => ({ timeMs: 400 * i - 200, colour }));
}

/** The face, and the wall, lit by these colours in addition to the light of the room. */
function film(shown: readonly ShownColour[], faceGain: number, wallGain = 0): SequenceFrame[] {
  return Array.from({ length: 40 }, (_, i) => {
    const timeMs = 80 * i;
    const on = shown.findLast((one) => one.timeMs <= timeMs - LAG_MS) ?? shown[0];
    const light = (gain: number) => on.colour.map((c) => 1 + gain * c) as [number, number, number];
    return litFace(timeMs, light(faceGain), light(wallGain));
  });
}

describe('colour response', () => {
  test('of a lit face is found, with its delay', () => {
    const verdict = scoreColourResponse(film(SHOWN, 0.1), SHOWN);
    expect(verdict.score).toBeGreaterThan(0.99);
    expect(verdict.confidence).toBeGreaterThan(0.9);
    // frames come every 80 ms, so the delay is known to that
    const [, lag] = verdict.reason.match(/at (\d+) ms/)!;
    expect(Math.abs(Number(lag) - LAG_MS)).toBeLessThan(80);
  });

  test('of a recording made under other colours is not there', () => {
    const others = sequence([GREEN, RED, BLUE, CYAN, YELLOW, WHITE, BLUE, GREEN]);
    expect(scoreColourResponse(film(others, 0.1), SHOWN).score).toBeLessThan(0.95);
  });

  test('gives a uniform p-value to recordings in no light of the screen', () => {
    const orders = [0, 1, 2, 3, 4, 5, 6, 7].map((first) =>
      sequence([...SHOWN.slice(first), ...SHOWN.slice(0, first)].map(({ colour }) => colour))
    );
    const recording = film(SHOWN, 0);
    const scores = orders.map((shown) => scoreColourResponse(recording, shown).score);
    expect(scores.filter((score) => score > 0.99)).toEqual([]);
    expect(Math.min(...scores)).toBeLessThan(0.5);
  });

  test('of the whole picture alike is half believed', () => {
    const verdict = scoreColourResponse(film(SHOWN, 0.1, 0.2), SHOWN);
    expect(verdict.score).toBeLessThan(0.51);
    expect(verdict.reason).toContain('background answers as strongly');
  });

  test('says less the fewer orders there are', () => {
    const few = SHOWN.slice(0, 4);
    const verdict = scoreColourResponse(film(few, 0.1), few);
    expect(verdict.confidence).toBeCloseTo(Math.log10(24) / 3, 9);
  });

  test('cannot be judged without changes, valid times, or visible skin', () => {
    const frames = film(SHOWN, 0.1);
    expect(scoreColourResponse(frames, sequence(Array(8).fill(RED))).confidence).toBe(0);
    expect(scoreColourResponse(frames, SHOWN.slice(0, 3)).confidence).toBe(0);
    const many = sequence(Array.from({ length: 65 }, (_, i) => i % 2 === 0 ? RED : BLUE));
    expect(scoreColourResponse(frames, many).reason).toBe('too many colours');
    expect(scoreColourResponse(frames, SHOWN.toReversed()).confidence).toBe(0);
    const late = SHOWN.map((one) => ({ ...one, timeMs: NaN }));
    expect(scoreColourResponse(frames, late).confidence).toBe(0);
    const bright = SHOWN.map((one) => ({ ...one, colour: [2, 0, 0] as const }));
    expect(scoreColourResponse(frames, bright).confidence).toBe(0);
    const dark = frames.map(({ timeMs }) => frameOf(timeMs, head()));
    expect(scoreColourResponse(dark, SHOWN).confidence).toBe(0);
  });
});
