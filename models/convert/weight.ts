/**
 * Constant tensors on their way from a source format to ONNX. A weight keeps the exact form its source
 * stored it in (8-bit codes), so that the ONNX file need not be larger than the source.
 */

/**
 * 8-bit codes of a weight: value = (code - zero) * multiplier[o], where `o` is the index along the
 * weight's output axis, or 0 when there is one multiplier for all.
 */
interface WeightCodes {
  readonly bytes: Uint8Array;
  readonly zero: number;
  readonly multiplier: Float32Array;
}

export interface Weight {
  readonly shape: readonly number[];
  /** Row-major values, always complete, whatever `codes` says. */
  readonly values: Float32Array;
  readonly codes?: WeightCodes;
}

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** A weight without codes. */
export function weight(values: Float32Array | number[], shape: readonly number[]): Weight {
  return { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) };
}

/** The same numbers under another shape of equal size. */
export function reshaped(source: Weight, shape: readonly number[]): Weight {
  return { ...source, shape };
}

/** Moves axes: axis `k` of the result is axis `order[k]` of the source. */
export function transposed(source: Weight, order: readonly number[]): Weight {
  const shape = order.map((axis) => source.shape[axis]);
  const positions = gatherOrder(source.shape, order);
  const values = new Float32Array(source.values.length);
  for (let i = 0; i < values.length; i++) values[i] = source.values[positions[i]];
  if (source.codes === undefined) return { shape, values };
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = source.codes.bytes[positions[i]];
  return { shape, values, codes: { ...source.codes, bytes } };
}

/** For each element of the transposed tensor, in order, its index in the source. */
function gatherOrder(shape: readonly number[], order: readonly number[]): Uint32Array {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  const sizes = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const index = new Array<number>(order.length).fill(0);
  const positions = new Uint32Array(stride);
  let position = 0;
  for (let i = 0; i < positions.length; i++) {
    positions[i] = position;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      index[axis]++;
      position += steps[axis];
      if (index[axis] < sizes[axis]) break;
      position -= steps[axis] * sizes[axis];
      index[axis] = 0;
    }
  }
  return positions;
}

/** The values as IEEE 754 half floats when every one of them survives the trip unchanged. */
export function asExactHalves(values: Float32Array): Float16Array | undefined {
  const halves = new Float16Array(values);
  for (let i = 0; i < values.length; i++) {
    if (halves[i] !== values[i]) return undefined;
  }
  return halves;
}
