/** When results of two backends count as the same. */
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { difference, noiseFor, TOLERANCE } from '../../../biometrics/runtime/agreement.ts';
import { ON_CPU } from '../../../biometrics/runtime/backend.ts';
import { networkOf } from '../../../biometrics/runtime/network-of.ts';
import { createOnnxLoader } from '../../../biometrics/runtime/network.ts';
import { defaultPack } from '../support/engine.ts';

const output = (...values: number[]) => ({ points: Float32Array.from(values) });

describe('the difference of results', () => {
  test('is a share of the largest number of the output', () => {
    expect(difference(output(50, -101), output(50, -100))).toBeCloseTo(0.01, 6);
    expect(difference(output(51, -100), output(50, -100))).toBeCloseTo(0.01, 6);
  });

  test('is that of the worst output', () => {
    const reference = { a: Float32Array.of(1), b: Float32Array.of(10) };
    const found = { a: Float32Array.of(1.5), b: Float32Array.of(11) };
    expect(difference(found, reference)).toBeCloseTo(0.5, 6);
  });

  test('is absolute where an output is all but zero', () => {
    expect(difference(output(4e-8), output(2e-8))).toBeLessThan(TOLERANCE);
    expect(difference(output(0.01), output(0))).toBeCloseTo(1, 6);
  });

  test('is infinite for what is missing, of another length or no number', () => {
    expect(difference({}, output(1))).toBe(Infinity);
    expect(difference(output(1), output(1, 1))).toBe(Infinity);
    expect(difference(output(1, 1), output(1))).toBe(Infinity);
    expect(difference(output(1, NaN), output(1, 1))).toBe(Infinity);
    expect(difference(output(NaN), output(NaN))).toBe(Infinity);
    expect(difference(output(Infinity), output(Infinity))).toBe(Infinity);
  });

  test('is never below zero, and zero for the same numbers', () => {
    const numbers = fc.float32Array({
      minLength: 1,
      maxLength: 50,
      noNaN: true,
      max: 1e6,
      min: -1e6,
    });
    fc.assert(fc.property(numbers, numbers, (a, b) => {
      expect(difference({ points: a }, { points: a.slice() })).toBe(0);
      expect(difference({ points: a }, { points: b })).toBeGreaterThanOrEqual(0);
    }));
  });
});

/** Keeps 10 bits of the fraction, as TF32 and 16-bit numbers do. */
function rounded(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.slice().buffer);
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] + 0x1000) & 0xffffe000;
  return new Float32Array(bits.buffer);
}

describe('the embedder on noise', () => {
  test('agrees with itself, and not with its numbers to ten bits', async () => {
    const pack = await defaultPack();
    const network = await createOnnxLoader(pack, ON_CPU).load(networkOf(pack, 'embedder'));
    const noise = noiseFor(network.spec.input);
    const once = await network.run(noise, 1),
      again = await network.run(noiseFor(network.spec.input), 1);
    expect(difference(again, once)).toBe(0);
    const coarse = Object.fromEntries(
      Object.entries(once).map(([role, values]) => [role, rounded(values)]),
    );
    expect(difference(coarse, once)).toBeGreaterThan(TOLERANCE);
  });
});
