/** Arithmetic of @noble/curves for any curve of ours, made once per curve. */
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import type { WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js';
import type { Curve } from './named-curves.ts';

const made = new WeakMap<Curve, WeierstrassPointCons<bigint>>();

/** The point class of a curve. */
export function weierstrassPoint(curve: Curve): WeierstrassPointCons<bigint> {
  let point = made.get(curve);
  if (point === undefined) {
    const { p, a, b, n, h, gx, gy } = curve;
    point = weierstrass<bigint>({ p, a, b, n, h, Gx: gx, Gy: gy });
    made.set(curve, point);
  }
  return point;
}
