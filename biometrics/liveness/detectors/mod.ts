/** The detectors that need no network. */
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
export const PIXEL_DETECTORS: readonly PadDetector[] = [...PARTS, compression, combine(PARTS)];
