/** Made-up face pictures for detectors: a mesh where the face would be, and patterns whose measure is known. */
import { Pyramid } from '../../../../biometrics/align/pyramid.ts';
import type { PadDetector } from '../../../../biometrics/liveness/mod.ts';
import { measureScene } from '../../../../biometrics/liveness/mod.ts';
import { PIXEL_DETECTORS } from '../../../../biometrics/liveness/detectors/mod.ts';
import type { Picture } from '../../../../biometrics/types.ts';
import { seeded } from '../../support/crowd.ts';
import { head } from '../../support/head.ts';
import { paint } from '../../support/pictures.ts';

export const SIDE = 256;

/** Smooth colours with soft detail of several sizes, as skin and background have. */
export function portrait(side = SIDE): Picture {
  const next = seeded(5);
  const waves = Array.from({ length: 24 }, () => ({
    u: 0.25 * next(),
    v: 0.25 * next(),
    phase: 3 * next(),
    height: 4 + 3 * next(),
  }));
  return paint(side, side, (x, y) => {
    const detail = waves.reduce(
      (sum, { u, v, phase, height }) => sum + height * Math.sin(u * x + v * y + phase),
      0,
    );
    return [clamp(150 + detail), clamp(115 + detail), clamp(95 + 0.8 * detail)];
  });
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** The picture with every channel changed by a function of position, value and channel. */
export function changed(
  picture: Picture,
  change: (value: number, x: number, y: number, channel: number) => number,
): Picture {
  const { width } = picture;
  const data = picture.data.map((value, i) => {
    const p = Math.floor(i / 3);
    return clamp(change(value, p % width, Math.floor(p / width), i % 3));
  });
  return { ...picture, data };
}

/** What one detector measures, by feature. */
export async function measured(
  detector: PadDetector,
  picture: Picture,
): Promise<Record<string, number>> {
  const mesh = head([], picture.width / 2, picture.height / 2, 65);
  const scene = { pyramid: new Pyramid(picture), faces: [], mesh };
  const values = (await measureScene(PIXEL_DETECTORS, scene))[detector.id];
  if (values === null) throw new Error(`${detector.id}: could not judge`);
  return Object.fromEntries(detector.features.map((name, i) => [name, values[i]]));
}
