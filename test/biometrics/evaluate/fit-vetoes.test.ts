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

/** Bona fide i of 100 has odds i by the first network, 99.5 - i by the second; attacks are below all. */
const samples = Array.from({ length: 200 }, (_, i): PadSample => ({
  species: i < 100 ? null : 'print',
  person: `p${i % 100}`,
  measured: i < 100
    ? { pixels: [0], one: [i], two: [99.5 - i] }
    : { pixels: [0], one: [-1], two: [-1] },
}));

describe('fitVetoes', () => {
  test('all together refuse 3 % of the bona fide, by the lowest odds', () => {
    const { vetoes, refuses } = fitVetoes(samples, detectors);
    // the lowest odds of a presentation are 0, 0.5, 1, 1.5 ...: three are under 1.5
    expect(vetoes).toEqual([
      { detector: 'one', below: 1.5, bonaFide: 100, refused: 2 },
      { detector: 'two', below: 1.5, bonaFide: 100, refused: 1 },
    ]);
    expect(samples.filter(({ species, measured }) => species === null && refuses(measured)))
      .toHaveLength(3);
    expect(refuses(samples[150].measured)).toBe(true);
  });

  test('one alone has the whole budget', () => {
    const { vetoes } = fitVetoes(samples, detectors.slice(0, 2));
    expect(vetoes).toEqual([{ detector: 'one', below: 3, bonaFide: 100, refused: 3 }]);
  });

  test('there are none without a detector that was trained elsewhere', () => {
    const { vetoes, refuses } = fitVetoes(samples, detectors.slice(0, 1));
    expect([vetoes, refuses(samples[150].measured)]).toEqual([[], false]);
  });

  test('few bona fide presentations give no network the right to refuse one of them', () => {
    const few = samples.slice(0, 30);
    const { refuses } = fitVetoes(few, detectors);
    expect(few.some(({ measured }) => refuses(measured))).toBe(false);
  });
});
