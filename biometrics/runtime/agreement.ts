/** Whether a network gives on one backend what it gives on another, run on noise that is always the same. */
import type { NetworkInput } from '../../models/mod.ts';
import { randomNumbers } from '../random-numbers.ts';
import type { NetworkResult } from './network.ts';

/**
 * Largest difference of a number, as a share of the largest number of its output. Measured: 6e-6 between the
 * processor and WebGPU, 1e-5 between the networks and their sources (test/models/agreement.test.ts). Weights
 * rounded to the 10 bits of TF32, which GPUs may do unasked, differ by 1.2e-4 to 4.5e-4. docs/gpu.md.
 */
export const TOLERANCE = 1e-4;

/** Outputs that are all but zero, as the probability of a face in noise, are compared as if this large. */
const LEAST_SCALE = 0.01;

/** A picture of noise as the network's input tensor. */
export function noiseFor(input: NetworkInput): Float32Array {
  const { width, height, layout, mean, scale } = input;
  const next = randomNumbers(1), plane = width * height;
  return Float32Array.from({ length: 3 * plane }, (_, i) => {
    const channel = layout === 'NHWC' ? i % 3 : Math.floor(i / plane);
    return (Math.floor(next() * 256) - mean[channel]) * scale[channel];
  });
}

/**
 * How far results are from those of a reference.
 * @returns the largest difference, in shares as TOLERANCE has it; infinite when outputs are missing, of
 *   another length or not finite
 */
export function difference(found: NetworkResult, reference: NetworkResult): number {
  return Math.max(
    ...Object.entries(reference).map(([role, wanted]) => outputDifference(found[role], wanted)),
  );
}

function outputDifference(found: Float32Array | undefined, wanted: Float32Array): number {
  if (found?.length !== wanted.length) return Infinity;
  let most = 0, scale = LEAST_SCALE;
  for (let i = 0; i < wanted.length; i++) {
    const apart = Math.abs(found[i] - wanted[i]);
    if (!Number.isFinite(apart)) return Infinity;
    most = Math.max(most, apart);
    scale = Math.max(scale, Math.abs(wanted[i]));
  }
  return most / scale;
}

/** A share in words, as in "2.1e-5". */
export function shareInWords(share: number): string {
  return share.toExponential(1);
}
