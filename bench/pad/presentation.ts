/**
 * Composes one presentation: which medium, how it is held, what is around it, which light falls on it.
 * Part A and part B use different printers, panels and cut-outs, so that B can be kept aside to see how
 * a detector does on media it never saw.
 */
import { capture, drawCamera, type Light } from './camera.ts';
import { cutLight } from './cutout.ts';
import { Dice } from './dice.ts';
import { drawDisplay, type PanelName } from './display.ts';
import { drawPaper, type PrinterName } from './paper.ts';
import { type Raster, sample } from './raster.ts';
import { aim, drawBackground, drawGlare, FACE_CENTRE, framing, insideRectangle } from './scene.ts';
import { createView, tilt } from './view.ts';

export const SPECIES = ['print', 'replay', 'cutout'] as const;
export type Species = typeof SPECIES[number];
export type Part = 'a' | 'b';

const PARTS: Readonly<
  Record<Part, { printers: readonly PrinterName[]; panels: readonly PanelName[] }>
> = {
  a: { printers: ['laser', 'photo', 'plain'], panels: ['phone', 'monitor'] },
  b: { printers: ['magazine', 'newspaper'], panels: ['oled', 'tablet', 'laptop'] },
};

export interface Presentation {
  readonly jpeg: Uint8Array;
  /** What was drawn, for the record of the run. */
  readonly parameters: Readonly<Record<string, number | string>>;
}

/** The face itself before the camera, held a little askew; beyond the picture it is mirrored. */
export async function bonaFide(picture: Raster, dice: Dice): Promise<Presentation> {
  const camera = drawCamera(dice);
  const scale = framing(dice, camera.width, camera.height);
  const centre = aim(dice, scale, camera.width);
  const view = createView({ ...camera, scale, centre, ...tilt(dice, 6) });
  const shade = drawShade(dice, camera.width);
  const at = new Float64Array(2);
  const jpeg = await capture(
    (x, y, out) => {
      view.at(x, y, at);
      sample(picture, at[0], at[1], out);
      dim(out, shade(x, y));
    },
    camera,
    dice,
  );
  return { jpeg, parameters: { ...sizes(camera), scale } };
}

/** @param other a picture of somebody else: the room behind, or the bearer of a cut-out */
export async function attack(
  species: Species,
  part: Part,
  picture: Raster,
  other: Raster,
  dice: Dice,
): Promise<Presentation> {
  const camera = drawCamera(dice);
  const { width, height } = camera;
  const scale = framing(dice, width, height);
  const centre = aim(dice, scale, width);
  const view = createView({ ...camera, scale, centre, ...tilt(dice, 14) });
  const background = drawBackground(dice, other, width);
  const shade = drawShade(dice, width);

  if (species === 'replay') {
    const panel = dice.pick(PARTS[part].panels);
    const display = drawDisplay(dice, picture, panel, scale);
    // A panel may outshine the room that the camera exposes for, and mirrors what stands before it.
    const brightness = Math.exp(dice.range(-0.4, 0.7));
    const glare = dice.chance(0.5) ? drawGlare(dice, width, height, 0.8) : () => 0;
    const veil = dice.range(0, 0.25) ** 2;
    const shown: Surface = (u, v, x, y, out) => {
      display.at(u, v, out);
      const extra = glare(x, y) + veil;
      for (let c = 0; c < 3; c++) out[c] = brightness * out[c] + extra;
    };
    const frame = drawBezel(dice, panel);
    const light = framed(view, shown, frame, background, scale, dice);
    const jpeg = await capture(light, camera, dice);
    return { jpeg, parameters: { ...sizes(camera), scale, ...display.parameters } };
  }

  const paper = drawPaper(dice, picture, dice.pick(PARTS[part].printers), scale);
  const lamp = dice.range(0.85, 1.3);
  const glare = dice.chance(paper.gloss)
    ? drawGlare(dice, width, height, 0.8 * paper.gloss)
    : () => 0;
  const veil = paper.gloss * dice.range(0, 0.3) ** 2;
  const printed: Surface = (u, v, x, y, out) => {
    paper.at(u, v, out);
    const l = lamp * shade(x, y), g = glare(x, y) + veil;
    for (let c = 0; c < 3; c++) out[c] = l * out[c] + g;
  };
  const light = species === 'print'
    ? framed(view, printed, drawMargin(dice), background, scale, dice)
    : cutLight(part, view, printed, background, other, scale, dice);
  const jpeg = await capture(light, camera, dice);
  return { jpeg, parameters: { ...sizes(camera), scale, ...paper.parameters } };
}

/** Light of the medium at plane position (u, v), seen at capture pixel (x, y). */
export type Surface = (u: number, v: number, x: number, y: number, out: Float32Array) => void;

interface Rim {
  /** Width in source pixels; 0 for none. */
  readonly width: number;
  readonly colour: readonly [number, number, number];
}

/** The dark frame of a panel, thin on phones. */
function drawBezel(dice: Dice, panel: PanelName): Rim {
  const width = panel === 'phone' || panel === 'oled' ? dice.range(2, 14) : dice.range(6, 30);
  const level = dice.chance(0.8) ? dice.range(0.003, 0.03) : dice.range(0.3, 0.7);
  return { width, colour: [level, level, level] };
}

/** The unprinted margin of a photo, or none where it was cut off. */
function drawMargin(dice: Dice): Rim {
  const level = dice.range(0.6, 0.95);
  return {
    width: dice.chance(0.5) ? dice.range(4, 20) : 0,
    colour: [level, level, level * dice.range(0.9, 1)],
  };
}

/** A rectangular medium with a rim before a background; a hand may hold it. */
function framed(
  view: ReturnType<typeof createView>,
  surface: Surface,
  rim: Rim,
  background: Light,
  pixel: number,
  dice: Dice,
): Light {
  // From "the frame shows the face's picture only" to "the medium ends close around the head".
  const halfWidth = dice.range(85, 230);
  const halfHeight = halfWidth * dice.pick([0.75, 1, 1.33, 1.6]);
  const cx = FACE_CENTRE[0] + dice.range(-15, 15), cy = FACE_CENTRE[1] + dice.range(-15, 15);
  const tall = Math.max(halfHeight, 95);
  const hand = dice.chance(0.35) ? drawFingers(dice, halfWidth + rim.width, tall) : undefined;
  const at = new Float64Array(2), front = new Float32Array(3);
  return (x, y, out) => {
    view.at(x, y, at);
    const dx = at[0] - cx, dy = at[1] - cy;
    const body = insideRectangle(dx, dy, halfWidth + rim.width, tall + rim.width, pixel);
    if (body < 1) background(x, y, out);
    if (body > 0) {
      const screen = insideRectangle(dx, dy, halfWidth, tall, pixel);
      if (screen > 0) surface(at[0], at[1], x, y, front);
      for (let c = 0; c < 3; c++) {
        const medium = screen > 0
          ? screen * front[c] + (1 - screen) * rim.colour[c]
          : rim.colour[c];
        out[c] = body < 1 ? body * medium + (1 - body) * out[c] : medium;
      }
    }
    hand?.(dx, dy, out);
  };
}

/** Finger tips over the edge: ellipses of shaded skin. */
function drawFingers(dice: Dice, halfWidth: number, halfHeight: number) {
  const tone = dice.range(0.15, 0.6);
  const skin = [tone, tone * dice.range(0.55, 0.7), tone * dice.range(0.35, 0.55)];
  const side = dice.pick([-1, 1]);
  const tips = Array.from({ length: 1 + Math.floor(dice.range(0, 4)) }, (_, i) => ({
    x: side * (halfWidth + dice.range(-12, 6)),
    y: halfHeight * dice.range(-0.2, 0.3) + 18 * i,
  }));
  return (dx: number, dy: number, out: Float32Array) => {
    for (const tip of tips) {
      const a = (dx - tip.x) / 22, b = (dy - tip.y) / 8;
      const d = a * a + b * b;
      if (d >= 1) continue;
      const light = 0.6 + 0.4 * Math.sqrt(1 - d);
      for (let c = 0; c < 3; c++) out[c] = skin[c] * light;
    }
  };
}

/** Uneven room light: brighter to one side, by up to a third over the frame. */
function drawShade(dice: Dice, width: number) {
  const angle = dice.range(0, 2 * Math.PI), slope = dice.range(0, 0.3) / width;
  const a = slope * Math.cos(angle), b = slope * Math.sin(angle);
  return (x: number, y: number) => 1 + a * (x - width / 2) + b * (y - width / 2);
}

function dim(out: Float32Array, factor: number): void {
  for (let c = 0; c < 3; c++) out[c] *= factor;
}

function sizes({ width, height, outWidth, outHeight, quality }: ReturnType<typeof drawCamera>) {
  return { sensor: `${width}x${height}`, size: `${outWidth}x${outHeight}`, quality };
}
