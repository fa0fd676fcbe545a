/** Pictures as light: three linear channels per pixel, 1 = white paper in even light. */
import type { Picture } from '../../biometrics/mod.ts';

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** width x height x 3, red, green, blue. */
  readonly data: Float32Array;
}

/** IEC 61966-2-1, the sRGB curve. */
const TO_LINEAR = Float32Array.from({ length: 256 }, (_, i) => {
  const v = i / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

export function toSrgb(v: number): number {
  return v <= 0.0031308 ? 12.92 * Math.max(0, v) : 1.055 * v ** (1 / 2.4) - 0.055;
}

export function toRaster({ width, height, data }: Picture): Raster {
  return { width, height, data: Float32Array.from(data, (v) => TO_LINEAR[v]) };
}

/** Bilinear sample at (x, y), pixel centres at whole numbers; beyond the edge the picture is mirrored. */
export function sample({ width, height, data }: Raster, x: number, y: number, out: Float32Array) {
  const fx = Math.floor(x), fy = Math.floor(y);
  const a = x - fx, b = y - fy;
  const x0 = mirror(fx, width), x1 = mirror(fx + 1, width);
  const y0 = mirror(fy, height) * width, y1 = mirror(fy + 1, height) * width;
  const w11 = a * b, w10 = a - w11, w01 = b - w11, w00 = 1 - a - w01;
  const p = 3 * (y0 + x0), q = 3 * (y0 + x1), r = 3 * (y1 + x0), s = 3 * (y1 + x1);
  out[0] = w00 * data[p] + w10 * data[q] + w01 * data[r] + w11 * data[s];
  out[1] = w00 * data[p + 1] + w10 * data[q + 1] + w01 * data[r + 1] + w11 * data[s + 1];
  out[2] = w00 * data[p + 2] + w10 * data[q + 2] + w01 * data[r + 2] + w11 * data[s + 2];
}

function mirror(i: number, length: number): number {
  if (i >= 0 && i < length) return i;
  const period = 2 * length - 2;
  const m = ((i % period) + period) % period;
  return m < length ? m : period - m;
}

/** Gaussian blur; `sigma` in pixels, 0 changes nothing. */
export function blur(raster: Raster, sigma: number): Raster {
  if (sigma < 0.15) return raster;
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Float32Array.from(
    { length: 2 * radius + 1 },
    (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, v) => sum + v, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i] /= total;
  const across = pass(raster, kernel, radius, 3, raster.width, 3 * raster.width, raster.height);
  return pass(across, kernel, radius, 3 * raster.width, raster.height, 3, raster.width);
}

/** Convolves `lines` lines of `length` pixels, `step` values apart along and `stride` between lines. */
function pass(
  raster: Raster,
  kernel: Float32Array,
  radius: number,
  step: number,
  length: number,
  stride: number,
  lines: number,
): Raster {
  const { data } = raster;
  const out = new Float32Array(data.length);
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    for (let i = 0; i < length; i++) {
      let r = 0, g = 0, b = 0;
      for (let k = -radius; k <= radius; k++) {
        const j = i + k;
        const at = start + step * (j < 0 ? 0 : j >= length ? length - 1 : j);
        const w = kernel[k + radius];
        r += w * data[at];
        g += w * data[at + 1];
        b += w * data[at + 2];
      }
      const to = start + step * i;
      out[to] = r;
      out[to + 1] = g;
      out[to + 2] = b;
    }
  }
  return { ...raster, data: out };
}
