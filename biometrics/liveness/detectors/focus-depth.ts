/**
 * Sharpness: a medium is in focus or out of it as a whole, and what it shows was blurred once before; a
 * live face stands before its background and has detail of every size. Measured as the energy of edges
 * at three scales, in the face and around it.
 */
import type { PadDetector } from '../detector.ts';
import { logOf } from '../statistics.ts';
import type { Picture } from '../../types.ts';

export const focusDepth: PadDetector = {
  id: 'focus-depth',
  features: [
    'face-fine',
    'face-middle',
    'face-coarse',
    'fine-to-middle',
    'middle-to-coarse',
    'around-fine',
    'around-middle',
    'face-to-around-fine',
    'face-to-around-middle',
    'edge-width',
  ],
  words: {
    attack: 'the sharpness of a flat or twice blurred picture',
    bonaFide: 'the sharpness of a face before its background',
  },
  measure({ view }) {
    const { picture } = view.near;
    const { x, y, width, height } = view.faceIn('near');
    const inside = (u: number, v: number) =>
      ((u - x) / (0.5 * width)) ** 2 + ((v - y) / (0.5 * height)) ** 2;
    const fine = energies(picture, 1, inside), middle = energies(picture, 2, inside);
    const coarse = energies(picture, 4, inside);
    const face = [fine.face, middle.face, coarse.face].map((v) => logOf(v + 0.3));
    const around = [fine.around, middle.around].map((v) => logOf(v + 0.3));
    return [
      ...face,
      face[0] - face[1],
      face[1] - face[2],
      ...around,
      face[0] - around[0],
      face[1] - around[1],
      logOf(fine.strong + 0.3) - logOf(middle.strong + 0.3),
    ];
  },
};

interface Energies {
  /** Mean size of the second difference at this distance, large ones held back. */
  readonly face: number;
  readonly around: number;
  /** The 95th percentile in the face: its sharpest edges. */
  readonly strong: number;
}

function energies(
  { width, height, data }: Picture,
  distance: number,
  inside: (x: number, y: number) => number,
): Energies {
  let face = 0, faceCount = 1, around = 0, aroundCount = 1;
  const strong = new Uint32Array(256);
  // Green stands for luma: it has the most samples on the sensor.
  for (let y = distance; y < height - distance; y += 2) {
    for (let x = distance; x < width - distance; x += 2) {
      const where = inside(x, y);
      if (where > 1 && where < 1.4) continue;
      const p = 3 * (y * width + x) + 1;
      const d = 3 * distance, e = d * width;
      const value = Math.abs(4 * data[p] - data[p - d] - data[p + d] - data[p - e] - data[p + e]);
      const held = Math.min(60, value);
      if (where <= 1) {
        face += held;
        faceCount++;
        strong[Math.min(255, value)]++;
      } else {
        around += held;
        aroundCount++;
      }
    }
  }
  let left = 0.05 * faceCount, at = 255;
  for (; at > 0 && left > 0; at--) left -= strong[at];
  return { face: face / faceCount, around: around / aroundCount, strong: at };
}
