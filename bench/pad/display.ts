/**
 * A picture shown on a display, as emitted light: a grid of pixels, each of red, green and blue
 * sub-pixels with dark gaps, in stripes or in the diamond order of OLED panels. The camera pixel's
 * average over that grid is computed exactly (the integral of a periodic box), so that moire appears as
 * strong as sampling theory says and no stronger.
 */
import type { Dice } from './dice.ts';
import { type Raster, sample } from './raster.ts';

interface Panel {
  /** Display pixels over the 250 source pixels. */
  readonly pixels: readonly [low: number, high: number];
  readonly diamond: boolean;
  /** Light of black, as a share of white: the contrast of LCD panels is 300 to 1500, of OLED above. */
  readonly black: readonly [low: number, high: number];
}

/** Panels by name; see `PARTS` in presentation.ts for which are kept aside. */
export const PANELS = {
  phone: { pixels: [700, 1300], diamond: false, black: [0.001, 0.004] },
  monitor: { pixels: [300, 750], diamond: false, black: [0.001, 0.004] },
  oled: { pixels: [700, 1300], diamond: true, black: [0, 0.0003] },
  tablet: { pixels: [900, 1600], diamond: false, black: [0.001, 0.003] },
  laptop: { pixels: [250, 600], diamond: false, black: [0.002, 0.006] },
} satisfies Record<string, Panel>;
export type PanelName = keyof typeof PANELS;

export interface Display {
  /** Light at a position of the source picture, 1 = the panel's white. */
  at(u: number, v: number, out: Float32Array): void;
  readonly parameters: Readonly<Record<string, number | string>>;
}

/** Share of a sub-pixel's cell that emits, across and along. */
const APERTURE = [0.8, 0.85] as const;

/** @param footprint source pixels that one capture pixel averages */
export function drawDisplay(
  dice: Dice,
  picture: Raster,
  name: PanelName,
  footprint: number,
): Display {
  const panel: Panel = PANELS[name];
  const pixels = dice.range(...panel.pixels);
  const perSource = pixels / 250;
  const gamma = dice.range(0.9, 1.15);
  const blueness = dice.range(-0.03, 0.25);
  // Uncorrected panels are bluer than the D65 that sRGB means: 6500 to 9300 K.
  const white = [1 - blueness, 1 - blueness / 4, 1 + blueness / 2];
  const black = dice.range(...panel.black) + dice.range(0, 0.02);
  const span = Math.max(footprint * perSource, 1e-3);
  const rgb = new Float32Array(3);
  const wide = APERTURE[0] / 3;
  return {
    parameters: { panel: name, pixels, gamma, blueness, black },
    at(u, v, out) {
      // The panel shows one colour per pixel: the picture at the pixel's middle.
      const x = u * perSource, y = v * perSource;
      const column = Math.floor(x), row = Math.floor(y);
      sample(picture, (column + 0.5) / perSource, (row + 0.5) / perSource, rgb);
      for (let c = 0; c < 3; c++) {
        const value = black + (1 - black) * Math.max(0, rgb[c]) ** gamma;
        const share = panel.diamond
          ? diamondShare(x, y, c, span)
          : covered(x - c / 3 - (1 / 3 - wide) / 2, wide, span) / wide *
            covered(y - (1 - APERTURE[1]) / 2, APERTURE[1], span) / APERTURE[1];
        out[c] = white[c] * value * share;
      }
    },
  };
}

/** Green twice per pixel, red and blue in turn on a lattice of period two turned by half a cell. */
function diamondShare(x: number, y: number, channel: number, span: number): number {
  if (channel === 1) return covered(x, 0.4, span) / 0.4 * covered(y, 0.6, span) / 0.6;
  const shift = channel === 0 ? 0 : 0.5;
  const even = covered(x / 2 + shift, 0.3, span / 2) * covered(y / 2, 0.3, span / 2);
  const odd = covered(x / 2 + shift + 0.5, 0.3, span / 2) * covered(y / 2 + 0.5, 0.3, span / 2);
  return (even + odd) / (2 * 0.3 * 0.3);
}

/** Share of [t - span/2, t + span/2] inside the boxes [n, n + width] of every whole n. */
function covered(t: number, width: number, span: number): number {
  return (boxIntegral(t + span / 2, width) - boxIntegral(t - span / 2, width)) / span;
}

function boxIntegral(t: number, width: number): number {
  const n = Math.floor(t);
  return n * width + Math.min(width, t - n);
}
