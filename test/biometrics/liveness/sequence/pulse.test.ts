import { describe, expect, test } from 'bun:test';
import { findPulse, scorePulse } from '../../../../biometrics/liveness/sequence/pulse.ts';
import { seeded } from '../../support/crowd.ts';
import { litFace } from '../../support/lit-face.ts';

/** How blood changes the colour of skin: green most (de Haan and van Leest 2014, rounded). */
const BLOOD = [0.33, 0.77, 0.53] as const;

/** Skin at 20 per second for 8 s. @param pulse relative change of colour; @param hertz its rate */
function skin(pulse: number, hertz: number, noise: number, brightness = 0) {
  const random = seeded(21);
  return Array.from({ length: 160 }, (_, i) => {
    const beat = pulse * Math.sin(2 * Math.PI * hertz * i / 20);
    const light = 1 + brightness * Math.sin(2 * Math.PI * 0.9 * i / 20);
    const channel = (c: 0 | 1 | 2, level: number) =>
      level * light * (1 + BLOOD[c] * beat) + noise * level * random();
    return {
      timeMs: 50 * i + random(),
      colour: [channel(0, 0.45), channel(1, 0.28), channel(2, 0.2)] as const,
    };
  });
}

describe('pulse', () => {
  test('is found in noise, with its rate', () => {
    for (const hertz of [0.9, 1.2, 2.1]) {
      const pulse = findPulse(skin(0.01, hertz, 0.003))!;
      expect(Math.abs(pulse.beatsPerMinute - 60 * hertz)).toBeLessThan(4);
      expect(pulse.snrDb).toBeGreaterThan(0);
    }
  });

  test('is not found in noise alone', () => {
    expect(findPulse(skin(0, 1.2, 0.005))!.snrDb).toBeLessThan(-2);
  });

  test('is found under light that flickers more strongly at another rate', () => {
    const pulse = findPulse(skin(0.01, 1.5, 0.001, 0.05))!;
    expect(Math.abs(pulse.beatsPerMinute - 90)).toBeLessThan(4);
  });

  test('of colours that never change does not exist', () => {
    const still = skin(0, 1, 0).map(({ timeMs }) => ({ timeMs, colour: [0.4, 0.3, 0.2] as const }));
    expect(findPulse(still)).toBeUndefined();
  });

  test('of a painted face raises the score, with little confidence', () => {
    const film = (pulse: number) =>
      skin(pulse, 1.2, 0).map(({ timeMs, colour: [r, g, b] }) =>
        litFace(timeMs, [r / 0.45, g / 0.28, b / 0.2], undefined, 2)
      );
    const alive = scorePulse(film(0.02)), dead = scorePulse(film(0));
    expect(alive.score).toBeGreaterThan(dead.score);
    expect(alive.reason).toMatch(/rhythm 7[0-4] per minute/);
    expect(alive.confidence).toBeLessThanOrEqual(0.3);
  });

  test('is not judged in short or slow sequences', () => {
    const frames = skin(0.02, 1.2, 0).map(({ timeMs }) => litFace(timeMs, [1, 1, 1]));
    expect(scorePulse(frames.slice(0, 90)).confidence).toBe(0);
    expect(scorePulse(frames.filter((_, i) => i % 2 === 0)).confidence).toBe(0);
  });
});
