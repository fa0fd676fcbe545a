/**
 * The arithmetic of small convolution networks in plain JavaScript. Tensors are planes, one channel after
 * the other. Loops run over whole planes with four channels in and four out at a time, which is what
 * engines compile best.
 */

export interface Tensor {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

export interface Window {
  readonly size: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  /** Zeros around the planes. */
  readonly pads: readonly [top: number, left: number, bottom: number, right: number];
}

/** Rows and columns of what a window that moves over `input` gives. */
export function outputSize({ height, width }: Tensor, { size, stride, pads }: Window) {
  return {
    height: Math.floor((height + pads[0] + pads[2] - size[0]) / stride[0]) + 1,
    width: Math.floor((width + pads[1] + pads[3] - size[1]) / stride[1]) + 1,
  };
}

/**
 * A weighted sum of planes for each plane of `out`: a 1 x 1 convolution.
 * @param weights output x input, row by row
 */
export function mixPlanes(
  planes: Float32Array,
  inputs: number,
  weights: Float32Array,
  bias: Float32Array | undefined,
  out: Tensor,
): void {
  const n = out.width * out.height, { channels, data } = out;
  for (let o = 0; o < channels; o++) data.fill(bias?.[o] ?? 0, o * n, (o + 1) * n);
  let o = 0;
  for (; o + 4 <= channels; o += 4) {
    let i = 0;
    for (; i + 4 <= inputs; i += 4) {
      mixFour(planes, i * n, weights, o * inputs + i, inputs, data, o * n, n);
    }
    for (; i < inputs; i++) {
      for (let k = 0; k < 4; k++) {
        addPlane(planes, i * n, weights[(o + k) * inputs + i], data, (o + k) * n, n);
      }
    }
  }
  for (; o < channels; o++) {
    for (let i = 0; i < inputs; i++) {
      addPlane(planes, i * n, weights[o * inputs + i], data, o * n, n);
    }
  }
}

function addPlane(
  from: Float32Array,
  at: number,
  weight: number,
  to: Float32Array,
  start: number,
  n: number,
): void {
  for (let p = 0; p < n; p++) to[start + p] += weight * from[at + p];
}

/** Four planes into four planes: 16 products for 8 loads and 4 stores. */
function mixFour(
  x: Float32Array,
  at: number,
  w: Float32Array,
  first: number,
  row: number,
  y: Float32Array,
  start: number,
  n: number,
): void {
  const a0 = w[first], a1 = w[first + 1], a2 = w[first + 2], a3 = w[first + 3];
  const b = first + row, b0 = w[b], b1 = w[b + 1], b2 = w[b + 2], b3 = w[b + 3];
  const c = b + row, c0 = w[c], c1 = w[c + 1], c2 = w[c + 2], c3 = w[c + 3];
  const d = c + row, d0 = w[d], d1 = w[d + 1], d2 = w[d + 2], d3 = w[d + 3];
  const at1 = at + n, at2 = at1 + n, at3 = at2 + n;
  const to1 = start + n, to2 = to1 + n, to3 = to2 + n;
  for (let p = 0; p < n; p++) {
    const x0 = x[at + p], x1 = x[at1 + p], x2 = x[at2 + p], x3 = x[at3 + p];
    y[start + p] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3;
    y[to1 + p] += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3;
    y[to2 + p] += c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3;
    y[to3 + p] += d0 * x0 + d1 * x1 + d2 * x2 + d3 * x3;
  }
}

/** The pixels under each place of the window as planes of their own: what makes a convolution a mixing. */
export function unfold(input: Tensor, window: Window, out: Float32Array): void {
  const { height, width, channels, data } = input, { size, stride, pads } = window;
  const to = outputSize(input, window);
  let plane = 0;
  for (let c = 0; c < channels; c++) {
    for (let ky = 0; ky < size[0]; ky++) {
      for (let kx = 0; kx < size[1]; kx++, plane++) {
        let at = plane * to.height * to.width;
        for (let y = 0; y < to.height; y++) {
          const row = y * stride[0] + ky - pads[0];
          for (let x = 0; x < to.width; x++, at++) {
            const column = x * stride[1] + kx - pads[1];
            const inside = row >= 0 && row < height && column >= 0 && column < width;
            out[at] = inside ? data[(c * height + row) * width + column] : 0;
          }
        }
      }
    }
  }
}

/** Every plane with a window of its own; `padded` holds one plane with its zeros. */
export function filterPlanes(
  input: Tensor,
  window: Window,
  weights: Float32Array,
  bias: Float32Array | undefined,
  out: Tensor,
  padded: Float32Array,
): void {
  const { height, width, data } = input, { size: [rows, columns], stride, pads } = window;
  const wide = width + pads[1] + pads[3];
  padded.fill(0, 0, wide * (height + pads[0] + pads[2]));
  for (let c = 0; c < out.channels; c++) {
    for (let y = 0; y < height; y++) {
      const from = (c * height + y) * width;
      padded.set(data.subarray(from, from + width), (y + pads[0]) * wide + pads[1]);
    }
    const first = c * rows * columns, base = bias?.[c] ?? 0;
    for (let y = 0; y < out.height; y++) {
      const to = (c * out.height + y) * out.width, top = y * stride[0] * wide;
      if (rows === 3 && columns === 3) {
        filterRow3(padded, top, wide, stride[1], weights, first, base, out.data, to, out.width);
        continue;
      }
      for (let x = 0; x < out.width; x++) {
        let sum = base;
        for (let ky = 0; ky < rows; ky++) {
          const at = top + ky * wide + x * stride[1];
          for (let kx = 0; kx < columns; kx++) {
            sum += weights[first + ky * columns + kx] * padded[at + kx];
          }
        }
        out.data[to + x] = sum;
      }
    }
  }
}

function filterRow3(
  x: Float32Array,
  top: number,
  wide: number,
  stride: number,
  w: Float32Array,
  f: number,
  base: number,
  y: Float32Array,
  to: number,
  n: number,
): void {
  const a = w[f], b = w[f + 1], c = w[f + 2], d = w[f + 3], e = w[f + 4];
  const g = w[f + 5], h = w[f + 6], i = w[f + 7], j = w[f + 8];
  for (let p = 0, q = top; p < n; p++, q += stride) {
    const r = q + wide, s = r + wide;
    y[to + p] = base + a * x[q] + b * x[q + 1] + c * x[q + 2] +
      d * x[r] + e * x[r + 1] + g * x[r + 2] + h * x[s] + i * x[s + 1] + j * x[s + 2];
  }
}

/** The largest value under each place of the window; no zeros around. */
export function largest(input: Tensor, { size, stride }: Window, out: Tensor): void {
  for (let c = 0, to = 0; c < out.channels; c++) {
    for (let y = 0; y < out.height; y++) {
      for (let x = 0; x < out.width; x++, to++) {
        let best = -Infinity;
        for (let ky = 0; ky < size[0]; ky++) {
          const at = (c * input.height + y * stride[0] + ky) * input.width + x * stride[1];
          for (let kx = 0; kx < size[1]; kx++) best = Math.max(best, input.data[at + kx]);
        }
        out.data[to] = best;
      }
    }
  }
}

/** Negative values times the slope of their plane; without slopes they become 0. */
export function rectify(input: Tensor, slopes: Float32Array | undefined, out: Float32Array): void {
  const n = input.width * input.height;
  for (let c = 0, p = 0; c < input.channels; c++) {
    const slope = slopes?.[c] ?? 0;
    for (const end = p + n; p < end; p++) {
      const value = input.data[p];
      out[p] = value < 0 ? value * slope : value;
    }
  }
}
