/** Collects the nodes and constants of an ONNX graph and chooses how each constant is stored. */
import {
  DATA_TYPE,
  type DataType,
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxNode,
} from '../onnx/model.ts';
import { asExactHalves, elementCount, type Weight } from '../weight.ts';

/** Constants with fewer elements are stored as plain float32: a Cast would cost more than it saves. */
const COMPACT_FROM_ELEMENTS = 256;

export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  #names = 0;
  #shared = new Map<string, string>();

  /** Adds a node and returns the name of its output. An empty input name means "not given". */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, OnnxAttribute> = {},
    output: string = this.#name(operator.toLowerCase()),
  ): string {
    this.nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  /**
   * Adds a constant float tensor. It is stored without loss in the smallest form that allows it: the
   * source's 8-bit codes, half floats, else float32. ONNX Runtime folds the conversion when it loads
   * the file, so the running network is the same in each case.
   * @param outputAxis axis along which the codes' multiplier varies
   */
  weight(source: Weight, shape: readonly number[] = source.shape, outputAxis = 0): string {
    if (source.values.length >= COMPACT_FROM_ELEMENTS) {
      if (source.codes !== undefined) return this.#coded(source, shape, outputAxis);
      const halves = asExactHalves(source.values);
      if (halves !== undefined) {
        const stored = this.#constant(DATA_TYPE.float16, shape, bytesOf(halves));
        return this.node('Cast', [stored], { to: DATA_TYPE.float32 });
      }
    }
    return this.#constant(DATA_TYPE.float32, shape, bytesOf(source.values));
  }

  /** Adds a constant float without axes. */
  scalar(value: number): string {
    return this.#constant(DATA_TYPE.float32, [], bytesOf(Float32Array.of(value)));
  }

  /** Adds a constant list of 64-bit integers: a shape, pad amounts. */
  integers(values: readonly number[]): string {
    const bytes = bytesOf(BigInt64Array.from(values, BigInt));
    return this.#constant(DATA_TYPE.int64, [values.length], bytes);
  }

  /** Adds a constant list of floats. */
  floats(values: readonly number[]): string {
    return this.#constant(DATA_TYPE.float32, [values.length], bytesOf(Float32Array.from(values)));
  }

  #coded(source: Weight, shape: readonly number[], outputAxis: number): string {
    const { bytes, zero, multiplier } = source.codes!;
    const stored = this.#constant(DATA_TYPE.uint8, shape, bytes);
    const codes = this.node('Cast', [stored], { to: DATA_TYPE.float32 });
    const perOutput = this.#constant(
      DATA_TYPE.float32,
      shape.map((_, axis) => axis === outputAxis ? multiplier.length : 1),
      bytesOf(multiplier),
    );
    return this.node('Mul', [this.node('Sub', [codes, this.scalar(zero)]), perOutput]);
  }

  #constant(type: DataType, shape: readonly number[], bytes: Uint8Array): string {
    const key = elementCount(shape) <= 16 ? `${type}:${shape}:${bytes}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.#name('constant');
    this.initializers.push({ name, type, shape, bytes });
    if (key !== undefined) this.#shared.set(key, name);
    return name;
  }

  #name(stem: string): string {
    return `${stem}_${this.#names++}`;
  }
}

function bytesOf(values: Float32Array | Float16Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
