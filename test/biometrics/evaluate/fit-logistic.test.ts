import { describe, expect, test } from 'bun:test';
import { fitLogistic } from '../../../biometrics/evaluate/fit-logistic.ts';
import { seeded } from '../support/crowd.ts';

const ones = (n: number) => new Array<number>(n).fill(1);

describe('fitLogistic', () => {
  test('with one yes-or-no value gives the log-odds of the table', () => {
    // 30 of 40 bona fide where it is 1, 10 of 40 where it is 0.
    const rows: number[][] = [], bonaFide: boolean[] = [];
    for (let i = 0; i < 40; i++) {
      rows.push([1], [0]);
      bonaFide.push(i < 30, i < 10);
    }
    const { weights, bias } = fitLogistic(rows, bonaFide, ones(80), 0);
    expect(bias).toBeCloseTo(Math.log(10 / 30), 6);
    expect(weights[0]).toBeCloseTo(Math.log(30 / 10) - Math.log(10 / 30), 6);
  });

  test('finds the weights that made the classes', () => {
    const next = seeded(3);
    const rows = Array.from({ length: 20_000 }, () => [2 * next(), 2 * next(), 2 * next()]);
    const bonaFide = rows.map(([a, b]) => (next() + 1) / 2 < 1 / (1 + Math.exp(-(1 + 2 * a - b))));
    const { weights, bias } = fitLogistic(rows, bonaFide, ones(rows.length), 0);
    [2, -1, 0].forEach((weight, i) => expect(Math.abs(weights[i] - weight)).toBeLessThan(0.1));
    expect(Math.abs(bias - 1)).toBeLessThan(0.1);
  });

  test('a penalty keeps the weights of parted classes finite; weights of samples count', () => {
    const rows = [[-1], [-1], [1], [1]], bonaFide = [false, false, true, true];
    const soft = fitLogistic(rows, bonaFide, ones(4), 1).weights[0];
    const softer = fitLogistic(rows, bonaFide, ones(4), 10).weights[0];
    expect(soft).toBeGreaterThan(softer);
    expect(soft).toBeLessThan(3);
    const mixed = [[1], [1]];
    const { bias, weights } = fitLogistic(mixed, [true, false], [3, 1], 1e-9);
    expect(bias + weights[0]).toBeCloseTo(Math.log(3), 5);
  });
});
