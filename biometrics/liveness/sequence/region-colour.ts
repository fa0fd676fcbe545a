/** Mean colour of the skin and of what is beside the person, per frame, in linear light. */
import type { FaceScene } from '../../scene.ts';
import type { Picture } from '../../types.ts';

/** Red, green, blue in linear light, 0..1. */
export type LinearColour = readonly [red: number, green: number, blue: number];

/** Corners of patches without hair, lids and lips: the person's right cheek, left cheek, forehead. */
const PATCHES: readonly (readonly number[])[] = [
  [117, 118, 101, 36, 205, 187, 123],
  [346, 347, 330, 266, 425, 411, 352],
  [67, 109, 10, 338, 297, 299, 337, 151, 108, 69],
];
/** Patches of fewer pixels say nothing about colour. */
const MIN_PIXELS = 60;
/** Values near the ends of the sensor's range do not follow the light. */
const DARKEST = 8, BRIGHTEST = 247;
/** Room kept around the face box, in its width, that is not background (hair, neck, shoulders). */
const MARGIN = 0.6;
/** Every so many pixels of the background are read. */
const STRIDE = 3;

/** sRGB byte to linear light (IEC 61966-2-1). */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

/** Mean of cheeks and forehead; undefined when they are too small, too dark or over-exposed. */
export function skinColour({ pyramid: { picture }, mesh }: FaceScene): LinearColour | undefined {
  const sum = new Sum(picture);
  for (const patch of PATCHES) fillPolygon(picture, patch, mesh, (x, y) => sum.add(x, y));
  return sum.mean();
}

/** Mean of the picture above the height of the chin, away from the person; undefined when there is none. */
export function backgroundColour({ pyramid: { picture }, faces }: FaceScene) {
  const { left, right, bottom } = faces[0].box;
  const margin = MARGIN * (right - left);
  const sum = new Sum(picture);
  const last = Math.min(picture.height, bottom);
  for (let y = 0; y < last; y += STRIDE) {
    for (let x = 0; x < picture.width; x += STRIDE) {
      if (x < left - margin || x > right + margin) sum.add(x, y);
    }
  }
  return sum.mean();
}

class Sum {
  readonly #picture: Picture;
  readonly #sum = new Float64Array(3);
  #count = 0;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  add(x: number, y: number): void {
    const { data, width } = this.#picture, at = 3 * (y * width + x);
    const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
    if (Math.min(r, g, b) < DARKEST || Math.max(r, g, b) > BRIGHTEST) return;
    this.#sum[0] += LINEAR[r];
    this.#sum[1] += LINEAR[g];
    this.#sum[2] += LINEAR[b];
    this.#count++;
  }

  mean(): LinearColour | undefined {
    if (this.#count < MIN_PIXELS) return undefined;
    const [r, g, b] = this.#sum;
    return [r / this.#count, g / this.#count, b / this.#count];
  }
}

/** Visits the pixels of the picture whose centres lie in the polygon of these mesh points. */
function fillPolygon(
  { width, height }: Picture,
  corners: readonly number[],
  mesh: Float32Array,
  visit: (x: number, y: number) => void,
): void {
  const xs = corners.map((i) => mesh[3 * i]), ys = corners.map((i) => mesh[3 * i + 1]);
  if (![...xs, ...ys].every(Number.isFinite)) return;
  const bottom = Math.min(height - 1, Math.floor(Math.max(...ys)));
  for (let y = Math.max(0, Math.ceil(Math.min(...ys))); y <= bottom; y++) {
    const crossings: number[] = [];
    for (let i = 0; i < xs.length; i++) {
      const k = (i + 1) % xs.length;
      if ((ys[i] <= y) === (ys[k] <= y)) continue;
      crossings.push(xs[i] + (xs[k] - xs[i]) * (y - ys[i]) / (ys[k] - ys[i]));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const last = Math.min(width - 1, Math.floor(crossings[i + 1]));
      for (let x = Math.max(0, Math.ceil(crossings[i])); x <= last; x++) visit(x, y);
    }
  }
}
