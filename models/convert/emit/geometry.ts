/** Sizes and padding of sliding windows, as TensorFlow defines them. */
import type { Padding } from '../graph.ts';

export interface WindowFit {
  readonly before: number;
  readonly after: number;
  readonly output: number;
}

/** How a window of `size` moves over `input` positions. */
export function fitWindow(
  input: number,
  size: number,
  stride: number,
  padding: Padding,
): WindowFit {
  if (padding === 'VALID') {
    return { before: 0, after: 0, output: Math.floor((input - size) / stride) + 1 };
  }
  const output = Math.ceil(input / stride);
  const total = Math.max(0, (output - 1) * stride + size - input);
  const before = Math.floor(total / 2);
  return { before, after: total - before, output };
}

/** Padding of the convolution whose gradient a transposed convolution is. */
export function fitTransposed(
  input: number,
  output: number,
  size: number,
  stride: number,
  padding: Padding,
): WindowFit & { extra: number } {
  const { before, after } = fitWindow(output, size, stride, padding);
  return { before, after, output, extra: output - ((input - 1) * stride + size - before - after) };
}
