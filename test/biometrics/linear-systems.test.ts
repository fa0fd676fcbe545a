import { describe, expect, test } from 'bun:test';
import { solve, solveSymmetric } from '../../biometrics/linear-systems.ts';

describe('solve', () => {
  test('exchanges rows where a pivot is missing', () => {
    expect([...solve(Float64Array.of(0, 2, 1, 1), Float64Array.of(4, 3))]).toEqual([1, 2]);
  });

  test('marks the answer of a singular system', () => {
    const answer = solve(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 2));
    expect(answer.every(Number.isFinite)).toBe(false);
  });
});

describe('solveSymmetric', () => {
  test('answers, and refuses singular systems', () => {
    const [x, y] = solveSymmetric(Float64Array.of(4, 2, 2, 3), Float64Array.of(8, 8))!;
    expect(x).toBeCloseTo(1, 12);
    expect(y).toBeCloseTo(2, 12);
    expect(solveSymmetric(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 1))).toBeUndefined();
  });
});
