/** A printed face cut out of its paper and worn before another person's face, or held before a room. */
import type { Light } from './camera.ts';
import type { Dice } from './dice.ts';
import type { Part, Surface } from './presentation.ts';
import { type Raster, sample } from './raster.ts';
import { FACE_CENTRE } from './scene.ts';
import type { View } from './view.ts';

/** Eyes in LFW's deep-funneled pictures. */
const EYES = [[106, 113], [145, 113]] as const;

/** Corners of a face cut with straight scissors, as turns around the face and share of the radius. */
const CORNERS = 9;

/**
 * Part A cuts ovals; part B cuts polygons with straight edges, half of them with holes for the eyes.
 * @param other the bearer, whose head stands in the same place
 * @param pixel source pixels per capture pixel
 */
export function cutLight(
  part: Part,
  view: View,
  surface: Surface,
  background: Light,
  other: Raster,
  pixel: number,
  dice: Dice,
): Light {
  const worn = dice.chance(0.6);
  const wide = dice.range(52, 68), tall = dice.range(66, 88);
  const radii = Array.from({ length: CORNERS }, () => dice.range(0.9, 1.12));
  const holes = part === 'b' && worn && dice.chance(0.5);
  const shadow = dice.range(0.4, 0.9), reach = dice.range(1, 6);
  const lift = [dice.range(-4, 4), dice.range(1, 5)];
  const at = new Float64Array(2), face = new Float32Array(3);

  // Signed distance to the cut in source pixels, positive inside.
  const depth = (dx: number, dy: number): number => {
    const x = dx / wide, y = dy / tall;
    const r = Math.hypot(x, y);
    if (part === 'a') return (1 - r) * Math.min(wide, tall);
    const turn = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1 * CORNERS;
    const i = Math.floor(turn) % CORNERS, j = (i + 1) % CORNERS;
    const step = 2 * Math.PI / CORNERS;
    const [ax, ay] = [radii[i] * Math.cos(i * step), radii[i] * Math.sin(i * step)];
    const [bx, by] = [radii[j] * Math.cos(j * step), radii[j] * Math.sin(j * step)];
    const nx = by - ay, ny = ax - bx, length = Math.hypot(nx, ny);
    return ((ax - x) * nx + (ay - y) * ny) / length * Math.min(wide, tall);
  };

  return (x, y, out) => {
    view.at(x, y, at);
    if (worn) sample(other, at[0], at[1], out);
    else background(x, y, out);
    const dx = at[0] - FACE_CENTRE[0], dy = at[1] - FACE_CENTRE[1];
    let d = depth(dx, dy);
    if (holes) {
      for (const [ex, ey] of EYES) {
        d = Math.min(d, (Math.hypot((at[0] - ex) / 11, (at[1] - ey) / 6) - 1) * 6);
      }
    }
    const cover = Math.max(0, Math.min(1, d / pixel + 0.5));
    if (cover < 1) {
      // The paper stands off what is behind and throws a soft shadow on it.
      const behind = depth(dx - lift[0], dy - lift[1]);
      const dark = 1 - shadow * Math.max(0, Math.min(1, 0.5 + behind / (2 * reach)));
      for (let c = 0; c < 3; c++) out[c] *= dark;
    }
    if (cover > 0) {
      surface(at[0], at[1], x, y, face);
      for (let c = 0; c < 3; c++) out[c] = cover * face[c] + (1 - cover) * out[c];
    }
  };
}
