/**
 * All pixel measures weighed together: some say little alone and much beside others (grain matters
 * less in a blurred picture). Traces of compression stay out of it, as they tell how a file was stored
 * and not what stood before the camera.
 */
import type { PadDetector } from '../detector.ts';

/** @param parts detectors that run before this one */
export function combine(parts: readonly PadDetector[]): PadDetector {
  return {
    id: 'combined',
    features: parts.flatMap(({ id, features }) => features.map((name) => `${id}.${name}`)),
    kernel: true,
    words: {
      attack: 'all pixel measures together speak of a medium',
      bonaFide: 'all pixel measures together speak of a live face',
    },
    measure(_input, earlier) {
      const values = parts.map(({ id }) => earlier[id] ?? undefined);
      return values.every((part) => part !== undefined) ? values.flat() : undefined;
    },
  };
}
