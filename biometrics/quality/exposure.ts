/**
 * Over- and under-exposure and dynamic range of the face (ISO/IEC 29794-5 7.3.5 to 7.3.7). The standard's
 * measures are prevention scores; these two say how much there is, so high is bad.
 */
import type { FacePatch } from './face-patch.ts';
import { regionPixels } from './regions.ts';

export interface Exposure {
  /** Share of the face that is nearly white, 0 to 100. */
  readonly overExposure: number;
  /** Share of the face that is nearly black, 0 to 100. */
  readonly underExposure: number;
  /** Entropy of the face's luma, 0 (one value) to 100 (all 256 alike). */
  readonly dynamicRange: number;
}

/** Luma limits of the standard, both included. */
const WHITE = 247;
const BLACK = 25;

/** A face outside the picture gives 0, 0, 0. */
export function exposure(patch: FacePatch): Exposure {
  const { pixels } = regionPixels(patch, 'face');
  const counts = new Uint32Array(256);
  for (const i of pixels) counts[Math.max(0, Math.min(255, Math.round(patch.luma[i])))]++;
  let over = 0, under = 0, entropy = 0;
  counts.forEach((count, value) => {
    if (count === 0) return;
    const share = count / pixels.length;
    if (value >= WHITE) over += share;
    if (value <= BLACK) under += share;
    entropy -= share * Math.log2(share);
  });
  return {
    overExposure: 100 * Math.min(1, over),
    underExposure: 100 * Math.min(1, under),
    dynamicRange: 100 * Math.max(0, entropy) / 8,
  };
}
