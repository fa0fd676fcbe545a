import { describe, expect, test } from 'bun:test';
import { fitVetoes } from '../../../biometrics/evaluate/fit-vetoes.ts';
import type { PadSample } from '../../../biometrics/evaluate/mod.ts';
import type { PadDetector } from '../../../biometrics/liveness/mod.ts';

const detector = (id: string, own: boolean): PadDetector => ({
  id,
  features: ['odds'],
  words: { attack: 'attack', bonaFide: 'bona fide' },
  ...(own ? { ownOdds: ([value]: readonly number[]) => value } : {}),
  measure: () => undefined,
});
const detectors = [detector('pixels', false), detector('one', true), detector('two', true)];

/** Bona fide i of 100 has odds i - 200 by the first network, -100.5 - i by the second; attacks are below all. */
const samples = Array.from({ length: 200 }, (_, i): PadSample => ({
  species: i < 100 ? null : 'print',
  person: `p${i % 100}`,
  measured: i < 100
    ? { pixels: [0], one: [i - 200], two: [-100.5 - i] }
    : { pixels: [0], one: [-300], two: [-300] },
}));

/** Fused scores: two attacks reach 0.9, bona fide presentations 0.5, and those named 0.95. */
const fusedWith = (sure: readonly number[] = []) =>
  samples.map(({ species, person }, i) => ({
    species,
    person,
    score: species !== null ? i < 102 ? 0.9 : 0.1 : sure.includes(i) ? 0.95 : 0.5,
  }));

describe('fitVetoes', () => {
  test('all together refuse 2 % of the bona fide, by the lowest odds', () => {
    const { vetoes, refuses } = fitVetoes(samples, detectors, fusedWith());
    // the lowest odds of a presentation are -200, -199.5, -199, -198.5 ...: two are under -199
    expect(vetoes).toMatchObject([
      { detector: 'one', below: -199, bonaFide: 100, refused: 1 },
      { detector: 'two', below: -199, bonaFide: 100, refused: 1 },
    ]);
    const refused = samples.filter(({ species, measured }) =>
      species === null && refuses(measured, 0.5)
    );
    expect(refused).toHaveLength(2);
    expect(refuses(samples[150].measured, 0.5)).toBe(true);
  });

  test('one alone has the whole budget', () => {
    const { vetoes } = fitVetoes(samples, detectors.slice(0, 2), fusedWith());
    expect(vetoes).toMatchObject([{ detector: 'one', below: -198, bonaFide: 100, refused: 2 }]);
  });

  test('are overruled by a score that no more than one attack in a hundred reaches', () => {
    const { vetoes, refuses } = fitVetoes(samples, detectors, fusedWith());
    for (const { overruledFrom } of vetoes) {
      expect(overruledFrom).toBeGreaterThan(0.9);
      expect(overruledFrom).toBeLessThan(0.9001);
    }
    expect(refuses(samples[150].measured, 0.91)).toBe(false);
    expect(refuses(samples[150].measured, 0.9)).toBe(true);
  });

  test('what overrules them costs them nothing', () => {
    // presentations 0 and 1 are the lowest by the first network
    const { vetoes } = fitVetoes(samples, detectors.slice(0, 2), fusedWith([0, 1]));
    expect(vetoes).toMatchObject([{ below: -196, refused: 2 }]);
  });

  test('refuse nothing that the networks take for live', () => {
    const all = fusedWith(Array.from({ length: 100 }, (_, i) => i));
    const { vetoes } = fitVetoes(samples, detectors.slice(0, 2), all);
    expect(vetoes).toMatchObject([{ below: 0, refused: 0 }]);
  });

  test('there are none without a detector that was trained elsewhere', () => {
    const { vetoes, refuses } = fitVetoes(samples, detectors.slice(0, 1), fusedWith());
    expect([vetoes, refuses(samples[150].measured, 0)]).toEqual([[], false]);
  });

  test('few bona fide presentations give no network the right to refuse one of them', () => {
    const few = samples.slice(0, 30);
    const { refuses } = fitVetoes(few, detectors, fusedWith().slice(0, 30));
    expect(few.some(({ measured }) => refuses(measured, 0.5))).toBe(false);
  });
});
