/** Cuts the compared face out of a photo in the browser, levelled by the eyes, so that two faces can be looked at side by side. */
import type { PhotoAnswer } from '../../playground/answer.ts';
import { strings } from './strings.ts';

/** Corners of the eyes in the 468-point mesh: the person's right eye, the left one. */
const RIGHT_EYE = [33, 133] as const;
const LEFT_EYE = [263, 362] as const;

/** Size on the screen, and where the eyes go as fractions of it. */
const WIDTH = 160;
const HEIGHT = 200;
const EYES_APART = 0.36;
const EYES_AT = { x: 0.5, y: 0.43 } as const;

/** @param image the photo, or undefined when this browser cannot show it */
export function drawCrop(
  canvas: HTMLCanvasElement,
  photo: PhotoAnswer,
  image: HTMLImageElement | undefined,
): void {
  const density = Math.min(3, Math.max(1, devicePixelRatio));
  canvas.width = WIDTH * density;
  canvas.height = HEIGHT * density;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(density, density);
  if (image === undefined) return drawNothing(context, canvas);

  const right = middle(photo.mesh, RIGHT_EYE), left = middle(photo.mesh, LEFT_EYE);
  const across = { x: left.x - right.x, y: left.y - right.y };
  const scale = WIDTH * EYES_APART / Math.max(1, Math.hypot(across.x, across.y));
  context.imageSmoothingQuality = 'high';
  context.translate(WIDTH * EYES_AT.x, HEIGHT * EYES_AT.y);
  context.rotate(-Math.atan2(across.y, across.x));
  context.scale(scale, scale);
  context.translate(-(left.x + right.x) / 2, -(left.y + right.y) / 2);
  // Coordinates are those of the server's copy, which may be smaller than the photo.
  context.drawImage(image, 0, 0, photo.width, photo.height);
}

function middle(mesh: readonly number[], corners: readonly [number, number]) {
  const [from, to] = corners;
  return {
    x: (mesh[2 * from] + mesh[2 * to]) / 2,
    y: (mesh[2 * from + 1] + mesh[2 * to + 1]) / 2,
  };
}

function drawNothing(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement): void {
  context.fillStyle = getComputedStyle(canvas).color;
  context.font = '14px system-ui, sans-serif';
  context.textAlign = 'center';
  context.fillText(strings.noCrop, WIDTH / 2, HEIGHT / 2);
}
