import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { fitTransposed, fitWindow } from '../../models/convert/emit/geometry.ts';
import { emitOnnx } from '../../models/convert/emit/mod.ts';
import type { Graph, Operation } from '../../models/convert/graph.ts';
import { simplified } from '../../models/convert/simplify.ts';
import { asExactHalves, transposed, weight } from '../../models/convert/weight.ts';
import { difference, runOnnx, seededNumbers } from './support/networks.ts';
import { expectRefusal } from './support/refusal.ts';

function graphOf(nodes: Record<string, Operation>, shape: [number, number, number]): Graph {
  const node = Object.keys(nodes).at(-1)!;
  return {
    name: 'test',
    input: { name: 'x', shape },
    nodes: new Map(Object.entries(nodes)),
    outputs: [{ node, name: 'y' }],
  };
}

const clip = (x: string, low: number, high: number): Operation => ({ op: 'clip', x, low, high });

describe('weights', () => {
  test('transposing moves values and codes alike', () => {
    const codes = {
      bytes: Uint8Array.of(1, 2, 3, 4, 5, 6),
      zero: 0,
      multiplier: Float32Array.of(1),
    };
    const source = { ...weight([1, 2, 3, 4, 5, 6], [2, 3]), codes };
    const turned = transposed(source, [1, 0]);
    expect([...turned.values]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...turned.codes!.bytes]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(transposed(turned, [1, 0])).toEqual(source);
  });

  test('become half floats only when nothing is lost', () => {
    expect(asExactHalves(Float32Array.of(0.5, -2, 65504))).toEqual(Float16Array.of(0.5, -2, 65504));
    expect(asExactHalves(Float32Array.of(0.5, 0.1))).toBeUndefined();
    expect(asExactHalves(Float32Array.of(65536))).toBeUndefined();
  });

  // 18x18 filters exceed the size from which the emitter stores compactly.
  const filter = (values: Float32Array, codes?: { bytes: Uint8Array }) => ({
    shape: [18, 18, 1, 1],
    values,
    codes: codes && { ...codes, zero: 7, multiplier: Float32Array.of(0.25) },
  });
  const convolve = async (stored: ReturnType<typeof filter>) => {
    const graph = graphOf({
      y: { op: 'conv', x: 'x', filter: stored, stride: [1, 1], padding: 'VALID' },
    }, [18, 18, 1]);
    const onnx = emitOnnx(graph, { batch: 1 });
    const data = Float32Array.from({ length: 324 }, seededNumbers(3));
    return { onnx, result: await runOnnx(onnx, { data, shape: [1, 18, 18, 1] }) };
  };

  test('stored compactly give the same result as in full', async () => {
    const bytes = Uint8Array.from({ length: 324 }, (_, i) => i % 256);
    const values = Float32Array.from(bytes, (code) => (code - 7) * 0.25);
    const coded = await convolve(filter(values, { bytes }));
    const halves = await convolve(filter(values));
    const full = await convolve(filter(values.map((value) => value * (1 + 1e-6))));
    expect(coded.result.y.data).toEqual(halves.result.y.data);
    expect(coded.onnx.length).toBeLessThan(halves.onnx.length);
    expect(halves.onnx.length).toBeLessThan(full.onnx.length);
    expect(difference(full.result.y.data, halves.result.y.data).most).toBeLessThan(1e-2);
  });
});

describe('simplifying', () => {
  test('merges clip chains', () => {
    const graph = graphOf(
      { a: clip('x', 0, Infinity), b: clip('a', -Infinity, 6), c: clip('b', 0, Infinity) },
      [1, 1, 3],
    );
    expect([...simplified(graph).nodes]).toEqual([['c', { op: 'clip', x: 'x', low: 0, high: 6 }]]);
  });

  test('keeps the meaning of any two clips', () => {
    const bound = fc.integer({ min: -9, max: 9 });
    const range = fc.tuple(bound, bound).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    const apply = (value: number, operation: Operation) =>
      operation.op === 'clip' ? Math.min(Math.max(value, operation.low), operation.high) : NaN;
    fc.assert(fc.property(range, range, bound, ([l1, h1], [l2, h2], value) => {
      const graph = graphOf({ a: clip('x', l1, h1), b: clip('a', l2, h2) }, [1, 1, 3]);
      const both = [...graph.nodes.values()].reduce(apply, value);
      expect([...simplified(graph).nodes.values()].reduce(apply, value)).toBe(both);
    }));
  });

  test('does not merge what something else reads', () => {
    const graph = graphOf({
      a: clip('x', 0, Infinity),
      b: clip('a', -Infinity, 6),
      c: { op: 'add', x: 'a', y: 'b' },
    }, [1, 1, 3]);
    expect(simplified(graph).nodes.size).toBe(3);
  });
});

describe('windows', () => {
  test('SAME pads more at the end, as TensorFlow does', () => {
    expect(fitWindow(8, 3, 2, 'SAME')).toEqual({ before: 0, after: 1, output: 4 });
    expect(fitWindow(7, 3, 2, 'SAME')).toEqual({ before: 1, after: 1, output: 4 });
    expect(fitWindow(7, 3, 2, 'VALID')).toEqual({ before: 0, after: 0, output: 3 });
    expect(fitTransposed(4, 8, 2, 2, 'SAME')).toEqual({ before: 0, after: 0, output: 8, extra: 0 });
  });
});

describe('what cannot be converted is refused by name', () => {
  const cases: [string, Operation, RegExp][] = [
    ['a filter for other channels', {
      op: 'conv',
      x: 'x',
      filter: weight(new Float32Array(9), [3, 3, 1, 1]),
      stride: [1, 1],
      padding: 'SAME',
    }, /filter \[3,3,1,1\] on 3 channels/],
    ['a reshape to another size', { op: 'reshape', x: 'x', shape: [5] }, /to \[n, 5\]/],
    ['an unknown operand', { op: 'sigmoid', x: 'nope' }, /nothing is named nope/],
    ['a slope per pixel', {
      op: 'prelu',
      x: 'x',
      alpha: weight(new Float32Array(4), [4]),
    }, /alpha of shape \[4\]/],
  ];
  for (const [name, operation, message] of cases) {
    test(name, () =>
      expectRefusal(
        () => emitOnnx(graphOf({ y: operation }, [4, 4, 3]), { batch: 1 }),
        'CONVERSION_UNSUPPORTED',
        message,
      ));
  }
});
