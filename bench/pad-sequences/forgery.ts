/** Changes made to real frames: light added to the face, a stretch that comes back. */
import { Pyramid } from '../../biometrics/align/pyramid.ts';
import type { ShownColour } from '../../biometrics/liveness/sequence/colour-response.ts';
import type { SequenceFrame } from '../../biometrics/liveness/sequence/frame.ts';
import type { Picture } from '../../biometrics/types.ts';
import { seeded } from '../../test/biometrics/support/crowd.ts';
import { sensorNoise } from './render.ts';

/** The room answers by so much of what the face does. */
const ROOM = 0.1;

/**
 * Frames as if the screen had lit the face.
 * @param gain light of a white screen over the light that is there
 */
export function withLight(
  frames: readonly SequenceFrame[],
  shown: readonly ShownColour[],
  gain: number,
  lagMs: number,
): SequenceFrame[] {
  return frames.map((frame) => {
    const on = shown.findLast(({ timeMs }) => timeMs <= frame.timeMs - lagMs) ?? shown[0];
    const { picture } = frame.scene.pyramid,
      { left, right, top, bottom } = frame.scene.faces[0].box;
    const face = on.colour.map((light) => brighter(1 + gain * light));
    const room = on.colour.map((light) => brighter(1 + ROOM * gain * light));
    const data = picture.data.slice();
    for (let y = 0, at = 0; y < picture.height; y++) {
      for (let x = 0; x < picture.width; x++, at += 3) {
        const tables = x >= left && x <= right && y >= top && y <= bottom ? face : room;
        for (let c = 0; c < 3; c++) data[at + c] = tables[c][(x + y) & 15][data[at + c]];
      }
    }
    return { ...frame, scene: { ...frame.scene, pyramid: new Pyramid({ ...picture, data }) } };
  });
}

/** sRGB tables for light times a factor; sixteen of them, so that rounding does not swallow small changes. */
function brighter(factor: number): Uint8Array[] {
  return Array.from({ length: 16 }, (_, dither) =>
    Uint8Array.from({ length: 256 }, (_, byte) => {
      const c = byte / 255;
      const light = factor * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
      return Math.min(255, Math.floor(255 * value + (dither + 0.5) / 16));
    }));
}

/** The first half twice, each frame with noise of its own. */
export function withLoop(pictures: readonly Picture[]): Picture[] {
  const addNoise = sensorNoise(2, seeded(5));
  const half = pictures.slice(0, pictures.length >> 1);
  return [...half, ...half].map((picture) => {
    const copy = { ...picture, data: picture.data.slice() };
    addNoise(copy);
    return copy;
  });
}
