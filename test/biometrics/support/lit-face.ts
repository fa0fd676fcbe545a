/** A painted face before a wall, in light whose colour a test decides; no network sees it. */
import type { SequenceFrame } from '../../../biometrics/liveness/sequence/frame.ts';
import { seeded } from './crowd.ts';
import { frameOf, withPoints } from './frames.ts';
import { head } from './head.ts';
import { paint } from './pictures.ts';

type Colour = readonly [number, number, number];

const SIDE = 96;
const SKIN: Colour = [0.45, 0.28, 0.2], WALL: Colour = [0.4, 0.42, 0.4];
/** Cheeks and forehead where a face has them, around (48, 48). */
const PATCHES: Readonly<Record<number, readonly [number, number]>> = {
  ...{ 117: [34, 46], 118: [38, 46], 101: [42, 48], 36: [42, 54], 205: [40, 58] },
  ...{ 187: [36, 58], 123: [32, 52], 346: [62, 46], 347: [58, 46], 330: [54, 48] },
  ...{ 266: [54, 54], 425: [56, 58], 411: [60, 58], 352: [64, 52] },
  ...{ 67: [36, 28], 109: [42, 26], 10: [48, 25], 338: [54, 26], 297: [60, 28] },
  ...{ 299: [58, 34], 337: [54, 36], 151: [48, 36], 108: [42, 36], 69: [38, 34] },
};
const MESH = withPoints(head([], 48, 48, 26), PATCHES);

/**
 * @param face light on the face, per channel; 1 leaves the paint as it is
 * @param wall light on the wall
 * @param noise sensor noise in grey levels, uniform
 */
export function litFace(
  timeMs: number,
  face: Colour,
  wall: Colour = [1, 1, 1],
  noise = 3,
): SequenceFrame {
  const random = seeded(Math.round(1000 * timeMs) + 1);
  const ofFace = SKIN.map((paintOf, c) => 0.5 + encoded(paintOf * face[c]));
  const ofWall = WALL.map((paintOf, c) => 0.5 + encoded(paintOf * wall[c]));
  const picture = paint(SIDE, SIDE, (x, y) => {
    const onFace = Math.hypot((x - 48) / 24, (y - 48) / 32) < 1;
    const [r, g, b] = onFace ? ofFace : ofWall;
    return [r + noise * random(), g + noise * random(), b + noise * random()];
  });
  return frameOf(timeMs, MESH, picture);
}

/** Linear light to a value of sRGB, not yet rounded. */
function encoded(light: number): number {
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
}
