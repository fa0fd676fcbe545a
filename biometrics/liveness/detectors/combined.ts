/**
 * All measures weighed together: some say little alone and much beside others (grain matters
 * less in a blurred picture). Traces of compression stay out of it, as they tell how a file was stored
 * and not what stood before the camera.
 */
import type { PadDetector } from '../detector.ts';

/** @param parts detectors that run before the one returned */
export function combine(id: string, parts: readonly PadDetector[]): PadDetector {
  return {
    id,
    features: parts.flatMap((part) => part.features.map((name) => `${part.id}.${name}`)),
    words: {
      attack: 'all measures together speak of a medium',
      bonaFide: 'all measures together speak of a live face',
    },
    measure(_input, earlier) {
      const values = parts.map((part) => earlier[part.id] ?? undefined);
      return values.every((part) => part !== undefined) ? values.flat() : undefined;
    },
  };
}
