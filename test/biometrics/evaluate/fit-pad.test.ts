import { describe, expect, test } from 'bun:test';
import { fitPad, levelsFrom } from '../../../biometrics/evaluate/fit-pad.ts';
import type { PadFit, PadSample } from '../../../biometrics/evaluate/mod.ts';
import { equalErrorRate } from '../../../biometrics/evaluate/pad-rates.ts';
import type { PadDetector } from '../../../biometrics/liveness/mod.ts';
import { parsePadCalibration, rateLiveness, verdictsOf } from '../../../biometrics/liveness/mod.ts';
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
    const [first, second] = good.features.map((f) => 'linear' in f ? f.linear : NaN);
    expect(first).toBeGreaterThan(3 * Math.abs(second));
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

describe('fitPad with a kernel', () => {
  /** Of 20 numbers each noise, two together tell: their product's sign goes with the class. */
  function tangled(people: number, seed = 12): PadSample[] {
    const next = seeded(seed);
    return Array.from(
      { length: people },
      (_, i) =>
        [null, null, 'print', 'replay'].map((species): PadSample => {
          const values = Array.from({ length: 20 }, next);
          const agrees = values[0] * values[1] > 0;
          if (agrees !== (species === null)) values[1] *= -1;
          return { species, person: `p${i}`, measured: { many: values } };
        }),
    ).flat();
  }
  const many = (kernel?: true): PadDetector[] => [{
    id: 'many',
    features: Array.from({ length: 20 }, (_, i) => `f${i}`),
    kernel,
    words: { attack: 'attack', bonaFide: 'bona fide' },
    measure: () => undefined,
  }];
  const scoresOf = (fit: PadFit, samples: readonly PadSample[]) =>
    samples.map(({ species, person, measured }) => ({
      species,
      person,
      score: rateLiveness(fit.calibration, verdictsOf(fit.calibration, many(true), measured)).score,
    }));

  test('learns what values say only beside each other, and a model of squares cannot', () => {
    const samples = tangled(300);
    const fit = fitPad(samples, many(true), run);
    expect(equalErrorRate(fit.fused)).toBeLessThan(0.3);
    expect(equalErrorRate(fitPad(samples, many(), run).fused)).toBeGreaterThan(0.4);
    expect(equalErrorRate(scoresOf(fit, tangled(200, 13)))).toBeLessThan(0.3);
  }, 60_000);

  test('writes a calibration that reads back and gives the same scores', () => {
    const fit = fitPad(tangled(20), many(true), run);
    const [{ model }] = fit.calibration.detectors;
    expect(model).toBe('random-fourier');
    const bytes = new TextEncoder().encode(JSON.stringify(fit.calibration));
    const calibration = parsePadCalibration(bytes);
    expect(scoresOf({ ...fit, calibration }, tangled(5, 14))).toEqual(
      scoresOf(fit, tangled(5, 14)),
    );
  });

  test('gives the same bytes for the same samples', () => {
    const [first, second] = [1, 2].map(() =>
      JSON.stringify(fitPad(tangled(20), many(true), run).calibration)
    );
    expect(second).toBe(first);
  });

  test('is not carried away by few people: noise stays at chance, and its scores near the middle', () => {
    const next = seeded(15);
    const noise = tangled(20).map((sample) => ({
      ...sample,
      measured: { many: Array.from({ length: 20 }, next) },
    }));
    const fit = fitPad(noise, many(true), run);
    expect(equalErrorRate(fit.fused)).toBeGreaterThan(0.35);
    for (const { score } of scoresOf(fit, tangled(20, 16))) {
      expect(score).toBeGreaterThan(0.2);
      expect(score).toBeLessThan(0.8);
    }
    expect(fit.calibration.levels.some(({ supported }) => supported)).toBe(false);
  });

  test('tells new people apart after 20', () => {
    // every value leans a little to the side of its class
    const leaning = (people: number, seed: number) => {
      const next = seeded(seed);
      return tangled(people).map((sample) => ({
        ...sample,
        measured: {
          many: Array.from({ length: 20 }, () => next() + (sample.species === null ? 0.25 : -0.25)),
        },
      }));
    };
    const fit = fitPad(leaning(20, 17), many(true), run);
    expect(equalErrorRate(scoresOf(fit, leaning(100, 18)))).toBeLessThan(0.1);
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
