/** Draws what the pipeline found into a copy of the picture, for people who check it. */
import { headPose } from './landmarks/pose.ts';
import type { FaceAnalysis, Picture } from './types.ts';

type Colour = readonly [number, number, number];

const PROMINENT: Colour = [0, 200, 120];
const OTHER: Colour = [255, 170, 0];
const LANDMARK: Colour = [80, 190, 255];
const AXES: readonly Colour[] = [[235, 60, 60], [60, 220, 60], [70, 110, 255]];

/** Boxes of all faces; landmarks and axes (across, down, out of the face) of the most prominent one. */
export function drawAnalysis(picture: Picture, analysis: FaceAnalysis): Picture {
  const canvas: Picture = { ...picture, data: picture.data.slice() };
  const thickness = Math.max(1, Math.round(Math.max(picture.width, picture.height) / 400));
  analysis.faces.forEach(({ box }, i) => {
    const colour = i === 0 ? PROMINENT : OTHER;
    line(canvas, box.left, box.top, box.right, box.top, thickness, colour);
    line(canvas, box.right, box.top, box.right, box.bottom, thickness, colour);
    line(canvas, box.right, box.bottom, box.left, box.bottom, thickness, colour);
    line(canvas, box.left, box.bottom, box.left, box.top, thickness, colour);
  });
  const { mesh } = analysis;
  for (let i = 0; i < mesh.length; i += 3) dot(canvas, mesh[i], mesh[i + 1], thickness, LANDMARK);

  const { box } = analysis.faces[0];
  const reach = (box.right - box.left) / 2;
  const [noseX, noseY] = [mesh[3], mesh[4]];
  const { across, down, forward } = headPose(mesh, picture).axes;
  [across, down, forward].forEach(([x, y], i) =>
    line(canvas, noseX, noseY, noseX + x * reach, noseY + y * reach, 2 * thickness, AXES[i])
  );
  return canvas;
}

function line(
  canvas: Picture,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  thickness: number,
  colour: Colour,
): void {
  // A box may reach far beyond the picture; only the part inside costs anything.
  const limit = (value: number, size: number) => Math.max(-size, Math.min(2 * size, value));
  const fromX = limit(x0, canvas.width), toX = limit(x1, canvas.width);
  const fromY = limit(y0, canvas.height), toY = limit(y1, canvas.height);
  const steps = Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY), 1));
  for (let i = 0; i <= steps; i++) {
    const share = i / steps;
    dot(canvas, fromX + (toX - fromX) * share, fromY + (toY - fromY) * share, thickness, colour);
  }
}

/** A filled square of `size` pixels around a position. */
function dot(canvas: Picture, x: number, y: number, size: number, colour: Colour): void {
  const left = Math.round(x - size / 2), top = Math.round(y - size / 2);
  for (let row = Math.max(0, top); row < Math.min(canvas.height, top + size); row++) {
    for (let column = Math.max(0, left); column < Math.min(canvas.width, left + size); column++) {
      canvas.data.set(colour, (row * canvas.width + column) * 3);
    }
  }
}
