/**
 * Keeps track of where each tensor's channels lie. ONNX Runtime convolves channels-first, sources are
 * channels-last; a transpose is emitted only where an operation needs the other order, and never where
 * one axis has size 1 and the bytes are the same either way.
 */
import type { OnnxBuilder } from './builder.ts';
import { transposed, type Weight, weight } from '../weight.ts';

export type Layout = 'channels-last' | 'channels-first';

/** A computed tensor. `shape` is always the channels-last one, -1 for a batch of any size. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly layout: Layout;
}

const TO_FIRST = [0, 3, 1, 2];
const TO_LAST = [0, 2, 3, 1];

/** Where axis `axis` of a channels-last rank-4 shape lies in `layout`. */
export function axisIn(layout: Layout, axis: number): number {
  return layout === 'channels-first' ? TO_FIRST.indexOf(axis) : axis;
}

/** A channels-last list with one entry per axis, in the order of `layout`. */
export function inOrderOf<T>(layout: Layout, perAxis: readonly T[]): T[] {
  return layout === 'channels-first' ? TO_FIRST.map((axis) => perAxis[axis]) : [...perAxis];
}

/** A constant operand of rank at most 4, ready to be broadcast against a tensor of `layout`. */
export function operandIn(layout: Layout, source: Weight): Weight {
  if (layout === 'channels-last' || source.shape.length === 0) return source;
  const shape = [...new Array<number>(4 - source.shape.length).fill(1), ...source.shape];
  return transposed(weight(source.values, shape), TO_FIRST);
}

export class Layouts {
  #builder: OnnxBuilder;
  #converted = new Map<string, string>();

  constructor(builder: OnnxBuilder) {
    this.#builder = builder;
  }

  /** Name of the tensor in the wanted order; emits at most one conversion per tensor. */
  nameIn(layout: Layout, value: Value): string {
    if (value.layout === layout || value.shape.length !== 4) return value.name;
    const known = this.#converted.get(value.name);
    if (known !== undefined) return known;
    const [, height, width, channels] = value.shape;
    const converted = channels === 1 || height * width === 1
      ? this.#builder.node('Reshape', [
        value.name,
        this.#builder.integers(inOrderOf(layout, value.shape)),
      ])
      : this.#builder.node('Transpose', [value.name], {
        perm: layout === 'channels-first' ? TO_FIRST : TO_LAST,
      });
    this.#converted.set(value.name, converted);
    return converted;
  }
}
