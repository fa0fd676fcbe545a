/**
 * Guided filter with a colour guide (He, Sun, Tang: Guided Image Filtering, 2013, equation 19): within
 * every window the result is an affine function of the picture's colours, so that a coarse mask takes on
 * the edges of the picture.
 */
import type { Picture } from '../types.ts';
import { boxBlur } from './box-blur.ts';

/**
 * @param guide the picture
 * @param mask a number per pixel of the guide
 * @param radius of the window, pixels
 * @param smoothness variance of colours (0..1 each) under which an edge is none
 */
export function guidedFilter(
  guide: Picture,
  mask: Float32Array,
  radius: number,
  smoothness: number,
): Float32Array {
  const { width, height, data } = guide;
  const length = width * height;
  const mean = (values: Float32Array) => boxBlur(values, width, height, radius);
  const product = (a: Float32Array, b: Float32Array) => mean(a.map((value, i) => value * b[i]));
  const [r, g, b] = [0, 1, 2].map((channel) => {
    const plane = new Float32Array(length);
    for (let i = 0; i < length; i++) plane[i] = data[3 * i + channel] / 255;
    return plane;
  });
  const mr = mean(r), mg = mean(g), mb = mean(b), mp = mean(mask);
  const rr = product(r, r), rg = product(r, g), rb = product(r, b);
  const gg = product(g, g), gb = product(g, b), bb = product(b, b);
  const pr = product(mask, r), pg = product(mask, g), pb = product(mask, b);

  // Per window: solve (covariance + smoothness) a = covariance of colours and mask.
  for (let i = 0; i < length; i++) {
    const srr = rr[i] - mr[i] * mr[i] + smoothness, srg = rg[i] - mr[i] * mg[i];
    const srb = rb[i] - mr[i] * mb[i], sgg = gg[i] - mg[i] * mg[i] + smoothness;
    const sgb = gb[i] - mg[i] * mb[i], sbb = bb[i] - mb[i] * mb[i] + smoothness;
    const cr = pr[i] - mp[i] * mr[i], cg = pg[i] - mp[i] * mg[i], cb = pb[i] - mp[i] * mb[i];
    const xx = sgg * sbb - sgb * sgb, xy = srb * sgb - srg * sbb, xz = srg * sgb - srb * sgg;
    const yy = srr * sbb - srb * srb, yz = srg * srb - srr * sgb, zz = srr * sgg - srg * srg;
    const scale = 1 / (srr * xx + srg * xy + srb * xz);
    const ar = (xx * cr + xy * cg + xz * cb) * scale;
    const ag = (xy * cr + yy * cg + yz * cb) * scale;
    const ab = (xz * cr + yz * cg + zz * cb) * scale;
    pr[i] = ar;
    pg[i] = ag;
    pb[i] = ab;
    mp[i] -= ar * mr[i] + ag * mg[i] + ab * mb[i];
  }
  const ar = mean(pr), ag = mean(pg), ab = mean(pb), offset = mean(mp);
  return r.map((value, i) => ar[i] * value + ag[i] * g[i] + ab[i] * b[i] + offset[i]);
}
