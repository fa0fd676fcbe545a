import { describe, expect, test } from 'bun:test';
import { fitRidge } from '../../../biometrics/evaluate/fit-ridge.ts';
import { seeded } from '../support/crowd.ts';

const ones = (n: number) => new Array<number>(n).fill(1);
const row = (...values: number[]) => Float64Array.from(values);

describe('fitRidge', () => {
  test('solves the textbook case of one value by hand', () => {
    // centred values -1, 0, 1 and targets -1, -1, 2: 3 / (2 + penalty)
    const rows = [row(1), row(2), row(3)], targets = [0, 0, 3];
    const { weights, bias } = fitRidge(rows, targets, ones(3), 1);
    expect(weights[0]).toBeCloseTo(1, 12);
    expect(bias).toBeCloseTo(1 - 2, 12);
    expect(fitRidge(rows, targets, ones(3), 1e9).bias).toBeCloseTo(1, 6);
  });

  test('a sample that weighs twice counts as two', () => {
    const rows = [row(1, 0), row(2, 1), row(3, -1), row(0, 2)], targets = [1, -1, 1, -1];
    const twice = fitRidge([...rows, rows[1]], [...targets, -1], ones(5), 0.5);
    const weighed = fitRidge(rows, targets, [1, 2, 1, 1], 0.5 * 4 / 5);
    twice.weights.forEach((w, j) => expect(weighed.weights[j]).toBeCloseTo(w, 12));
    expect(weighed.bias).toBeCloseTo(twice.bias, 12);
  });

  test('finds the weights that made the targets, from more samples than values', () => {
    const next = seeded(4), truth = Array.from({ length: 71 }, next);
    const rows = Array.from({ length: 400 }, () => Float64Array.from(truth, () => next()));
    const targets = rows.map((r) => r.reduce((sum, v, j) => sum + v * truth[j], 0.5));
    const { weights, bias } = fitRidge(rows, targets, ones(400), 1e-6);
    truth.forEach((w, j) => expect(weights[j]).toBeCloseTo(w, 5));
    expect(bias).toBeCloseTo(0.5, 5);
  });

  test('gives the same from fewer samples than values as from values of which some are 0 everywhere', () => {
    const next = seeded(6), n = 33;
    const rows = Array.from({ length: n }, () => Float64Array.from({ length: 32 }, next));
    const targets = rows.map(() => next() < 0 ? -1 : 1), weighing = rows.map(() => 1.5 + next());
    const few = fitRidge(rows, targets, weighing, 0.3);
    const wide = rows.map((r) => Float64Array.from({ length: 50 }, (_, j) => r[j] ?? 0));
    const many = fitRidge(wide, targets, weighing, 0.3);
    few.weights.forEach((w, j) => expect(many.weights[j]).toBeCloseTo(w, 9));
    expect(Math.max(...many.weights.subarray(32).map(Math.abs))).toBe(0);
    expect(many.bias).toBeCloseTo(few.bias, 9);
  });
});
