/**
 * A picture printed on paper, as reflectance. Four inks of the colours that ISO 12647-2 prints on coated
 * paper overprint each other (multiplied, after Demichel and Neugebauer), with dot gain, either as an
 * amplitude-modulated halftone (one screen per ink, lpi and angle) or as the scattered dots of an
 * inkjet. Fibres and the tint of the paper modulate all of it.
 */
import type { Dice } from './dice.ts';
import { type Raster, sample } from './raster.ts';
import { latticeNoise, smoothNoise } from './scene.ts';

/** Linear-light reflectance of solid cyan, magenta, yellow and black over white paper. */
const INKS = [[0.02, 0.34, 0.74], [0.78, 0.02, 0.21], [1, 0.84, 0.02], [0.025, 0.022, 0.02]];

/** Screen angles of cyan, magenta, yellow, black in degrees: two usual sets. */
const ANGLES = [[15, 75, 0, 45], [105, 75, 90, 45]];

interface Printer {
  /** Lines per inch of the halftone, or dots per inch where dots are scattered. */
  readonly lines: readonly [low: number, high: number];
  readonly scattered: boolean;
  readonly gain: readonly [low: number, high: number];
  readonly white: readonly [low: number, high: number];
  readonly texture: readonly [low: number, high: number];
  readonly gloss: number;
}

/** Printers by name; see `PARTS` in presentation.ts for which are kept aside. */
export const PRINTERS = {
  laser: {
    lines: [85, 141],
    scattered: false,
    gain: [0.05, 0.2],
    white: [0.75, 0.9],
    texture: [0.01, 0.03],
    gloss: 0.1,
  },
  photo: {
    lines: [300, 600],
    scattered: true,
    gain: [0, 0.1],
    white: [0.82, 0.95],
    texture: [0.002, 0.01],
    gloss: 0.5,
  },
  newspaper: {
    lines: [65, 85],
    scattered: false,
    gain: [0.15, 0.3],
    white: [0.5, 0.68],
    texture: [0.03, 0.06],
    gloss: 0,
  },
  magazine: {
    lines: [133, 175],
    scattered: false,
    gain: [0.08, 0.2],
    white: [0.75, 0.88],
    texture: [0.004, 0.015],
    gloss: 0.35,
  },
  plain: {
    lines: [150, 300],
    scattered: true,
    gain: [0.1, 0.25],
    white: [0.78, 0.9],
    texture: [0.02, 0.05],
    gloss: 0,
  },
} satisfies Record<string, Printer>;
export type PrinterName = keyof typeof PRINTERS;

export interface Paper {
  /** Reflectance at a position of the source picture. */
  at(u: number, v: number, out: Float32Array): void;
  readonly gloss: number;
  /** For the record of the run. */
  readonly parameters: Readonly<Record<string, number | string>>;
}

/**
 * @param footprint source pixels that one capture pixel averages
 */
export function drawPaper(
  dice: Dice,
  picture: Raster,
  name: PrinterName,
  footprint: number,
): Paper {
  const printer: Printer = PRINTERS[name];
  const lines = dice.range(...printer.lines);
  // Inches over which the 250 source pixels are printed: a wallet photo to half of A4.
  const inches = Math.exp(dice.range(Math.log(1.6), Math.log(7)));
  const period = 250 / (lines * inches);
  const angles = dice.pick(ANGLES).map((a) => a * Math.PI / 180);
  const gain = dice.range(...printer.gain);
  // 1 = the separation is right for ideal dots; lower values print lighter mid-tones, for dot gain to darken.
  const tone = dice.range(0.6, 1);
  const level = dice.range(...printer.white);
  const tint = dice.range(-0.06, 0.06);
  const white = [level * (1 + tint / 2), level, level * (1 - tint)];
  const texture = dice.range(...printer.texture);
  const seed = Math.floor(dice.range(0, 2 ** 31));
  // What remains of a dot when one pixel averages `footprint` of the pattern: for screens the sinc of
  // that box, for scattered dots one over the root of the f x f dots in it.
  const f = footprint / period;
  const kept = printer.scattered ? 1 / Math.max(1, f) : Math.sin(Math.PI * f) / (Math.PI * f);
  const turns = angles.map((a) => [Math.cos(a) / period, Math.sin(a) / period]);
  const rgb = new Float32Array(3);
  return {
    gloss: printer.gloss,
    parameters: { printer: name, lines, inches, gain, tone, white: level },
    at(u, v, out) {
      sample(picture, u, v, rgb);
      const c = 1 - Math.min(1, rgb[0]) ** tone;
      const m = 1 - Math.min(1, rgb[1]) ** tone;
      const y = 1 - Math.min(1, rgb[2]) ** tone;
      // Part of the common grey goes to the black ink (grey component replacement).
      const k = 0.7 * Math.max(0, Math.min(c, m, y) - 0.2);
      const fibre = 1 + texture * (smoothNoise(u * 3, v * 3, seed) +
            smoothNoise(u * 0.7, v * 0.7, seed + 1) - 1) *
          2;
      out[0] = white[0] * fibre;
      out[1] = white[1] * fibre;
      out[2] = white[2] * fibre;
      for (let i = 0; i < 4; i++) {
        let cover = i === 3 ? k : ((i === 0 ? c : i === 1 ? m : y) - k) / (1 - k);
        cover = Math.max(0, Math.min(1, cover + 2 * gain * cover * (1 - cover)));
        const threshold = printer.scattered
          ? latticeNoise(Math.floor(u / period), Math.floor(v / period), seed + 2 + i)
          : screen(u * turns[i][0] + v * turns[i][1], v * turns[i][0] - u * turns[i][1]);
        const dot = Math.max(0, Math.min(1, (cover - threshold) * 6 + 0.5));
        const ink = cover + kept * (dot - cover);
        for (let j = 0; j < 3; j++) out[j] *= 1 - ink * (1 - INKS[i][j]);
      }
    },
  };
}

/** Round dots: the share of paper that is covered when the dot's edge passes here, 0..1. */
function screen(x: number, y: number): number {
  return 0.5 - 0.25 * (Math.cos(2 * Math.PI * x) + Math.cos(2 * Math.PI * y));
}
