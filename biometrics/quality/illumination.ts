/**
 * Illumination uniformity (ISO/IEC 29794-5 7.3.3): how alike the light on both cheeks is, as the overlap of
 * their luma histograms.
 */
import type { FacePatch } from './face-patch.ts';
import { regionPixels } from './regions.ts';

const BINS = 32;

/** 0 (no common brightness) to 100 (the same); 0 when a cheek lies outside the picture. */
export function illuminationUniformity(patch: FacePatch): number {
  const [right, left] = (['rightCheek', 'leftCheek'] as const).map((region) =>
    histogram(patch, regionPixels(patch, region).pixels)
  );
  let overlap = 0;
  for (let i = 0; i < BINS; i++) overlap += Math.min(right[i], left[i]);
  return 100 * Math.min(1, overlap);
}

/** Shares per bin; each value is divided between the two nearest bins, as the cheeks have few pixels. */
function histogram({ luma }: FacePatch, pixels: Int32Array): Float64Array {
  const bins = new Float64Array(BINS);
  for (const i of pixels) {
    const at = Math.max(0, Math.min(BINS - 1.001, luma[i] * (BINS - 1) / 255));
    const low = Math.floor(at);
    bins[low] += (low + 1 - at) / pixels.length;
    bins[low + 1] += (at - low) / pixels.length;
  }
  return bins;
}
