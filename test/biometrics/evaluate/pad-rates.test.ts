import { describe, expect, test } from 'bun:test';
import { padReport, ratesAt, type ScoredPresentation } from '../../../biometrics/evaluate/mod.ts';
import {
  equalErrorRate,
  pointRates,
  thresholdAllowing,
  thresholdForApcer,
} from '../../../biometrics/evaluate/pad-rates.ts';
import { padDetPlot } from '../../../biometrics/evaluate/pad-det.ts';
import { intervalOverPeople } from '../../../biometrics/evaluate/resample.ts';

const of = (species: string | null, scores: readonly number[]): ScoredPresentation[] =>
  scores.map((score, i) => ({ species, score, person: `person ${i % 10}` }));

const steps = (n: number, from: number, to: number) =>
  Array.from({ length: n }, (_, i) => from + (to - from) * i / (n - 1));

// Ten prints that score 0 to 0.9, ten replays of which two pass anything, ten bona fide.
const data = [
  ...of(null, [0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99]),
  ...of('print', steps(10, 0, 0.9)),
  ...of('replay', [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]),
];

describe('ratesAt', () => {
  test('counts attacks that pass by species, and bona fide presentations that do not', () => {
    const { species, apcer, bpcer } = ratesAt(data, 0.75);
    expect(species.print).toMatchObject({ rate: 0.2, errors: 2, total: 10 });
    expect(species.replay).toMatchObject({ rate: 0.2, errors: 2, total: 10 });
    expect(apcer.rate).toBe(0.2);
    expect(bpcer).toMatchObject({ rate: 0.4, errors: 4, total: 10 });
    expect(bpcer.interval[0]).toBeCloseTo(0.12155, 4);
    expect(bpcer.interval[1]).toBeCloseTo(0.73762, 4);
  });

  test('the whole is as bad as its worst species, not as the average', () => {
    expect(ratesAt(data, 0.35).apcer.rate).toBe(0.6);
    expect(ratesAt(data, 0.95).apcer.rate).toBe(0.2);
  });

  test('of species that pass as often, the one with fewer presentations stands for the whole', () => {
    const none = [...of('a', [0, 0, 0, 0]), ...of('b', [0, 0]), ...of(null, [1])];
    expect(ratesAt(none, 0.5).apcer).toMatchObject({ rate: 0, total: 2 });
  });

  test('a score equal to the threshold passes', () => {
    expect(ratesAt(of('print', [0.5]), 0.5).apcer.rate).toBe(1);
    expect(ratesAt(of(null, [0.5]), 0.5).bpcer.rate).toBe(0);
  });
});

describe('thresholdForApcer', () => {
  test('is the lowest that keeps every species to the rate', () => {
    const threshold = thresholdForApcer(data, 0.2);
    expect(threshold).toBeGreaterThan(0.7);
    expect(threshold).toBeLessThan(0.7001);
    expect(pointRates(data, threshold).apcer).toBe(0.2);
  });

  test('goes above every score when some attack scores like the best bona fide', () => {
    const threshold = thresholdForApcer(data, 0.1);
    expect(threshold).toBeGreaterThan(1);
    expect(ratesAt(data, threshold).bpcer.rate).toBe(1);
  });

  test('lets everything pass when that is allowed', () => {
    expect(thresholdAllowing(data, (n) => n)).toBe(0);
  });
});

describe('equalErrorRate', () => {
  test('is 0 for scores that part the classes, about a half for scores that say nothing', () => {
    expect(equalErrorRate([...of(null, [0.8, 0.9]), ...of('print', [0.1, 0.2])])).toBe(0);
    const noise = [...of(null, steps(100, 0, 1)), ...of('print', steps(100, 0, 1))];
    expect(equalErrorRate(noise)).toBeCloseTo(0.5, 1);
  });

  test('finds the crossing of shifted even scores', () => {
    const shifted = [...of(null, steps(1000, 0.3, 1.3)), ...of('print', steps(1000, 0, 1))];
    expect(equalErrorRate(shifted)).toBeCloseTo(0.35, 2);
  });
});

describe('intervals over people', () => {
  test('hold the value, repeat exactly, and narrow with more people', () => {
    const many = (people: number) =>
      Array.from({ length: people }, (_, i): ScoredPresentation[] => [
        { species: null, person: `p${i}`, score: (i * 37 % 100) / 100 },
        { species: 'print', person: `p${i}`, score: (i * 53 % 100) / 160 },
      ]).flat();
    const [few, more] = [many(40), many(1000)].map((set) =>
      intervalOverPeople(set, equalErrorRate)
    );
    expect(intervalOverPeople(many(40), equalErrorRate)).toEqual(few);
    expect(few[0]).toBeLessThanOrEqual(equalErrorRate(many(40)));
    expect(few[1]).toBeGreaterThanOrEqual(equalErrorRate(many(40)));
    expect(more[1] - more[0]).toBeLessThan((few[1] - few[0]) / 2);
  });

  test('a report has every number with its interval, against each species and the worst', () => {
    const report = padReport('fused', data);
    expect(Object.keys(report.species)).toEqual(['print', 'replay']);
    expect(report.bpcerAt[10].value).toBe(1);
    expect(report.species.print.bpcer10.value).toBe(0.5);
    for (const { value, interval } of [report.eer, ...Object.values(report.bpcerAt)]) {
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
    }
  });
});

describe('intervals of few or faultless presentations', () => {
  const apart = (people: number): ScoredPresentation[] =>
    Array.from({ length: people }, (_, i): ScoredPresentation[] => [
      { species: null, person: `p${i}`, score: 0.9 },
      { species: 'print', person: `p${i}`, score: 0.1 },
    ]).flat();

  test('no error among ten is no proof of none: the exact interval of 0 in 10', () => {
    const { eer, bpcerAt, species } = padReport('fused', apart(10));
    // 1 - 0.025 ** (1 / 10)
    for (const { value, interval } of [eer, ...Object.values(bpcerAt), species.print.eer]) {
      expect([value, interval[0]]).toEqual([0, 0]);
      expect(interval[1]).toBeCloseTo(0.30850, 4);
    }
  });

  test('of a single person they say next to nothing', () => {
    const one = apart(10).map((presentation) => ({ ...presentation, person: 'img' }));
    expect(padReport('fused', one).bpcerAt[10].interval[1]).toBeCloseTo(0.30850, 4);
    const single = padReport('fused', apart(1));
    expect(single.eer.interval[1]).toBeCloseTo(0.975, 4);
  });

  test('drawings without one of the classes do not count as faultless', () => {
    // Bona fide presentations of one person, all refused, beside attacks of nine others.
    const refused: ScoredPresentation[] = Array.from({ length: 200 }, () => ({
      species: null,
      person: 'only',
      score: 0.1,
    }));
    const attacks = of('print', steps(9, 0.5, 0.9)).map((row, i) => ({ ...row, person: `a${i}` }));
    expect(padReport('fused', [...refused, ...attacks]).bpcerAt[10].interval[0])
      .toBeGreaterThan(0.98);
  });
});

test('the DET plot has one line per system inside its frame', () => {
  const svg = padDetPlot('a <title>', [{ label: 'one', scores: data }, {
    label: '&',
    scores: data,
  }]);
  const lines = [...svg.matchAll(/<polyline points="([^"]+)"/g)];
  expect(lines.length).toBe(2);
  for (const pair of lines[0][1].split(' ')) {
    const [x, y] = pair.split(',').map(Number);
    expect(x).toBeWithin(79.9, 730.1);
    expect(y).toBeWithin(49.9, 450.1);
  }
});
