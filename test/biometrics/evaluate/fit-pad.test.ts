import { describe, expect, test } from 'bun:test';
import { fitPad, levelsFrom, type PadSample } from '../../../biometrics/evaluate/fit-pad.ts';
import { equalErrorRate } from '../../../biometrics/evaluate/pad-rates.ts';
import type { PadDetector } from '../../../biometrics/liveness/mod.ts';
import { rateLiveness, verdictsOf } from '../../../biometrics/liveness/mod.ts';
import { seeded } from '../support/crowd.ts';

const detector = (id: string): PadDetector => ({
  id,
  features: ['a', 'b'],
  words: { attack: 'attack', bonaFide: 'bona fide' },
  measure: () => undefined,
});
const detectors = [detector('good'), detector('noise')];
const run = {
  dataName: 'made up',
  attacks: 'synthetic',
  withoutFace: { bonaFide: 1, attack: 2 },
  date: '2026-01-01',
  command: 'none',
} as const;

/** `part` of the good detector's first feature goes with the class; everything else is noise. */
function made(people: number, part: number): PadSample[] {
  const next = seeded(11);
  return Array.from(
    { length: people },
    (_, i) =>
      [null, 'print', 'replay'].map((species): PadSample => ({
        species,
        person: `p${i}`,
        measured: {
          good: [part * (species === null ? 1 : -1) + next(), next()],
          noise: [next(), next()],
        },
      })),
  ).flat();
}

describe('fitPad', () => {
  test('learns what tells the classes apart and leaves out what does not', () => {
    const { calibration, fused, alone } = fitPad(made(300, 0.8), detectors, run);
    const [good, noise] = calibration.detectors;
    expect(good.weight).toBeGreaterThan(0.5);
    expect(noise.weight).toBeLessThan(0.5);
    expect(good.features[0].linear).toBeGreaterThan(3 * Math.abs(good.features[1].linear));
    expect(equalErrorRate(fused)).toBeLessThan(0.15);
    expect(equalErrorRate(alone.noise)).toBeGreaterThan(0.4);
    expect(calibration.data).toMatchObject({
      people: 300,
      bonaFide: 300,
      species: { print: 300, replay: 300 },
      withoutFace: { bonaFide: 1, attack: 2 },
    });
  });

  test('scores nobody with a model that saw them: pure noise stays at chance', () => {
    const { fused } = fitPad(made(60, 0), detectors, run);
    expect(equalErrorRate(fused)).toBeGreaterThan(0.35);
  });

  test('its calibration rates new people as the cross-validation promised', () => {
    const { calibration } = fitPad(made(300, 0.8), detectors, run);
    const score = (value: number) =>
      rateLiveness(
        calibration,
        verdictsOf(calibration, detectors, { good: [value, 0], noise: [0, 0] }),
      ).score;
    expect(score(1.5)).toBeGreaterThan(0.95);
    expect(score(-1.5)).toBeLessThan(0.05);
  });

  test('refuses too few presentations or people, with the numbers', () => {
    const few = made(6, 1);
    expect(() => fitPad(few, detectors, run)).toThrow(
      '6 bona fide and 12 attack presentations of 6 people: at least 20 of each and 5 people are needed',
    );
  });
});

describe('levelsFrom', () => {
  const scored = (n: number, passing: number) => [
    ...Array.from({ length: n }, (_, i) => ({ species: null, person: `b${i}`, score: 0.9 })),
    ...Array.from(
      { length: n },
      (_, i) => ({ species: 'print', person: `a${i}`, score: i < passing ? 0.95 : 0.1 }),
    ),
  ];

  test('a level needs as many attacks as its target asks, even without one error', () => {
    const supported = (n: number) =>
      levelsFrom(scored(n, 0)).filter((entry) => entry.supported).map(({ level }) => level);
    expect(supported(10)).toEqual([]);
    expect(supported(100)).toEqual(['LOW', 'MEDIUM', 'MODERATE', 'BALANCED_HIGH']);
    expect(supported(1000)).not.toContain('HIGHEST');
    // ln(0.025) / ln(1 - 0.001) = 3687.0
    expect(supported(3686)).not.toContain('HIGHEST');
    expect(supported(3688)).toContain('HIGHEST');
  });

  test('a level at which most bona fide presentations fail is not supported, and says so', () => {
    const levels = levelsFrom(scored(100, 8));
    expect(levels[0]).toMatchObject({ level: 'LOW', supported: true, passed: 8, attacks: 100 });
    expect(levels[1].supported).toBe(false);
    expect(levels[1].reason).toContain('100 % of bona fide presentations would be refused');
    expect(levels[7].reason).toBe('100 presentations of print cannot show an APCER of 0.1 %');
    expect(levels[7].threshold).toBeNull();
  });
});
