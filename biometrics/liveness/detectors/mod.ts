/** The detectors that need no network, and how those of networks join them. */
import type { PadDetector } from '../detector.ts';
import { colourRange } from './colour-range.ts';
import { colourTexture } from './colour-texture.ts';
import { combine } from './combined.ts';
import { compression } from './compression.ts';
import { focusDepth } from './focus-depth.ts';
import { mediumBorder } from './medium-border.ts';
import { printTexture } from './print-texture.ts';
import { residualSteps } from './residual-steps.ts';
import { screenMoire } from './screen-moire.ts';
import { sensorNoise } from './sensor-noise.ts';
import { spectralShape } from './spectral-shape.ts';

const PARTS: readonly PadDetector[] = [
  screenMoire,
  printTexture,
  colourRange,
  mediumBorder,
  focusDepth,
  sensorNoise,
  colourTexture,
  spectralShape,
  residualSteps,
];

/** In the order in which they run. */
export const PIXEL_DETECTORS: readonly PadDetector[] = [
  ...PARTS,
  compression,
  combine('combined', PARTS),
];

/**
 * What a pack's network detectors add: each of them, and one that weighs them with the pixel measures. The
 * pixel detectors stay what they are, so that a calibration made without the networks still holds.
 */
export function withNetworks(networks: readonly PadDetector[]): readonly PadDetector[] {
  if (networks.length === 0) return PIXEL_DETECTORS;
  return [
    ...PIXEL_DETECTORS,
    ...networks,
    combine('combined-with-networks', [...PARTS, ...networks]),
  ];
}
