/** The detectors that need no network. */
import type { PadDetector } from '../detector.ts';
import { colourRange } from './colour-range.ts';
import { colourTexture } from './colour-texture.ts';
import { compression } from './compression.ts';
import { focusDepth } from './focus-depth.ts';
import { mediumBorder } from './medium-border.ts';
import { printTexture } from './print-texture.ts';
import { screenMoire } from './screen-moire.ts';
import { sensorNoise } from './sensor-noise.ts';

export const PIXEL_DETECTORS: readonly PadDetector[] = [
  screenMoire,
  printTexture,
  colourRange,
  compression,
  mediumBorder,
  focusDepth,
  sensorNoise,
  colourTexture,
];
