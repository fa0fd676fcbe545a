/** Draws what the server found over a photo: a box per face, the mesh of the one that is compared. */
import type { FaceAnswer, PhotoAnswer } from '../../playground/answer.ts';

const LIGHT = '#ffffff';
const DARK = 'rgb(6 18 30 / 55%)';
const MESH = 'rgb(140 232 255)';

/** @param shownWidth width of the photo on the screen in CSS pixels: lines keep their thickness there */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  photo: PhotoAnswer,
  shownWidth: number,
): void {
  // As many pixels as the screen shows, at most as many as coordinates can tell apart.
  const scale = Math.max(1, shownWidth * devicePixelRatio / photo.width);
  canvas.width = Math.round(photo.width * scale);
  canvas.height = Math.round(photo.height * scale);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  const unit = photo.width / Math.max(1, shownWidth);
  photo.faces.forEach((face, i) => drawBox(context, face, unit, i === 0));
  drawMesh(context, photo.mesh, dotRadius(photo.faces[0], unit));
}

export function clearOverlay(canvas: HTMLCanvasElement): void {
  canvas.width = 1;
  canvas.height = 1;
}

function drawBox(
  context: CanvasRenderingContext2D,
  face: FaceAnswer,
  unit: number,
  isCompared: boolean,
): void {
  const { left, top, right, bottom } = face;
  context.setLineDash(isCompared ? [] : [6 * unit, 5 * unit]);
  for (const [color, width] of [[DARK, 4.5], [LIGHT, 2]] as const) {
    context.strokeStyle = color;
    context.lineWidth = width * unit;
    context.beginPath();
    context.roundRect(left, top, right - left, bottom - top, 6 * unit);
    context.stroke();
  }
}

/** Dots grow with the face, within what is visible and does not blot it out. */
function dotRadius(face: FaceAnswer, unit: number): number {
  const share = (face.right - face.left) / 160;
  return Math.min(1.6 * unit, Math.max(0.55 * unit, share));
}

function drawMesh(
  context: CanvasRenderingContext2D,
  mesh: readonly number[],
  dot: number,
): void {
  for (const [color, radius] of [[DARK, dot * 1.5], [MESH, dot]] as const) {
    context.fillStyle = color;
    context.beginPath();
    for (let i = 0; i + 1 < mesh.length; i += 2) {
      context.moveTo(mesh[i] + radius, mesh[i + 1]);
      context.arc(mesh[i], mesh[i + 1], radius, 0, 2 * Math.PI);
    }
    context.fill();
  }
}
