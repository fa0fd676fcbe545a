/**
 * The pixels that detectors look at, as planes of numbers. Two windows around the middle of the face:
 * `near`, the picture halved until the face is 80 to 160 pixels wide, so that sharpness and texture mean
 * the same for every camera; and `native`, the picture as it was decoded, where the traces of sensors,
 * screens and compression are still in place. Halving only averages whole blocks, so no trace of
 * interpolation is added.
 */
import { boundsOf } from '../align/scene-box.ts';
import type { FaceScene } from '../scene.ts';
import type { Box, Picture } from '../types.ts';
import { type Ring, rings } from './rings.ts';
import { averagedSpectra } from './spectrum.ts';

/** Side of both windows in pixels. */
export const WINDOW = 128;

/** Side of the blocks whose spectra are averaged. */
const BLOCK = 32;

/** Narrower faces have too few pixels for any of the measures. */
const MIN_FACE = 48;
/** In `near` a face is at least this wide, unless it is smaller in the picture itself. */
const NEAR_FACE = 80;

/** One number per pixel, row by row. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Part of a picture in luma and colour differences (ITU-R BT.601, full range, 0..255 around 0 for colour). */
export interface Planes {
  readonly y: Plane;
  readonly cb: Plane;
  readonly cr: Plane;
}

export class FaceView {
  /** The face's box in the picture, from the mesh. */
  readonly face: Box;
  /** The picture halved until the face is 80 to 160 pixels wide, and picture pixels per pixel of it. */
  readonly near: { readonly picture: Picture; readonly step: number };
  readonly native: Picture;
  #planes: { near?: Planes; native?: Planes } = {};
  #rings: { near?: SpectrumRings; native?: SpectrumRings } = {};

  private constructor(face: Box, near: FaceView['near'], native: Picture) {
    this.face = face;
    this.near = near;
    this.native = native;
  }

  /** undefined when the face or the picture is too small to judge. */
  static of({ pyramid, mesh }: FaceScene): FaceView | undefined {
    const face = boundsOf(mesh);
    const width = face.right - face.left;
    const { picture } = pyramid;
    if (!(width >= MIN_FACE) || Math.min(picture.width, picture.height) < WINDOW) return undefined;
    let scale = width / NEAR_FACE;
    let { picture: near, level } = pyramid.levelFor(scale);
    // A face that fills the frame leaves too few pixels after the last halving.
    while (Math.min(near.width, near.height) < WINDOW) {
      scale /= 2;
      ({ picture: near, level } = pyramid.levelFor(scale));
    }
    return new FaceView(face, { picture: near, step: 2 ** level }, picture);
  }

  /** The face's middle and width in pixels of `near` or `native`. */
  faceIn(which: 'near' | 'native'): { x: number; y: number; width: number; height: number } {
    const step = which === 'near' ? this.near.step : 1;
    const { left, right, top, bottom } = this.face;
    return {
      x: (left + right) / 2 / step,
      y: (top + bottom) / 2 / step,
      width: (right - left) / step,
      height: (bottom - top) / step,
    };
  }

  planes(which: 'near' | 'native'): Planes {
    if (which === 'near' && this.near.step === 1) which = 'native';
    return this.#planes[which] ??= window(
      which === 'near' ? this.near.picture : this.native,
      this.faceIn(which),
    );
  }

  /** Rings of the power spectra of luma and of the red colour difference, averaged over blocks of 32 pixels. */
  rings(which: 'near' | 'native'): SpectrumRings {
    if (which === 'near' && this.near.step === 1) which = 'native';
    const known = this.#rings[which];
    if (known !== undefined) return known;
    const { y, cr } = this.planes(which);
    const [luma, chroma] = averagedSpectra(y, cr, BLOCK);
    return this.#rings[which] = [rings(luma), rings(chroma)];
  }
}

type SpectrumRings = readonly [luma: readonly Ring[], chroma: readonly Ring[]];

/** WINDOW x WINDOW pixels around (x, y), moved inside the picture, on the grid of JPEG blocks. */
function window({ width, height, data }: Picture, at: { x: number; y: number }): Planes {
  const start = (middle: number, length: number) =>
    8 * Math.floor(Math.max(0, Math.min(length - WINDOW, Math.round(middle - WINDOW / 2))) / 8);
  const left = start(at.x, width), top = start(at.y, height);
  const plane = (): Plane => ({
    width: WINDOW,
    height: WINDOW,
    data: new Float32Array(WINDOW * WINDOW),
  });
  const y = plane(), cb = plane(), cr = plane();
  for (let row = 0, i = 0; row < WINDOW; row++) {
    let p = 3 * ((top + row) * width + left);
    for (let column = 0; column < WINDOW; column++, i++, p += 3) {
      const r = data[p], g = data[p + 1], b = data[p + 2];
      y.data[i] = 0.299 * r + 0.587 * g + 0.114 * b;
      cb.data[i] = 0.564 * (b - y.data[i]);
      cr.data[i] = 0.713 * (r - y.data[i]);
    }
  }
  return { y, cb, cr };
}
