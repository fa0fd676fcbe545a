/**
 * The crop that shows a face in its surroundings, as presentation attack detection needs it: edges of a
 * sheet or a screen lie beside the face, not on it.
 */
import type { Box } from '../types.ts';
import type { Affine } from './affine.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest enlargement, up to `scale`, at which a box is no larger than the picture. */
export function enlargementWithin(box: Box, scale: number, picture: Size): number {
  return Math.min(
    scale,
    picture.width / (box.right - box.left),
    picture.height / (box.bottom - box.top),
  );
}

/**
 * A box enlarged about its centre and stretched to a crop. The enlargement is reduced until the box is no
 * larger than the picture, then the box is shifted until it lies inside, as minivision's
 * Silent-Face-Anti-Spoofing cuts the pictures its networks were trained on.
 * @param box around the face, in picture pixels
 * @param scale how many times larger both sides become
 * @returns crop pixel -> picture pixel
 */
export function sceneBox(box: Box, scale: number, picture: Size, crop: Size): Affine {
  const enlarged = enlargementWithin(box, scale, picture);
  const width = (box.right - box.left) * enlarged, height = (box.bottom - box.top) * enlarged;
  const left = inside((box.left + box.right - width) / 2, picture.width - width);
  const top = inside((box.top + box.bottom - height) / 2, picture.height - height);
  const stepX = width / crop.width, stepY = height / crop.height;
  // Edges of region and crop coincide; the middle of the first crop pixel lies half a step inside.
  return [stepX, 0, left + stepX / 2, 0, stepY, top + stepY / 2];
}

/** The nearest place at which a length with this much room lies inside; a picture begins at -0.5. */
function inside(place: number, room: number): number {
  return Math.max(-0.5, Math.min(place, room - 0.5));
}

/** The upright bounding box of points given as x, y, z in turn. */
export function boundsOf(points: Float32Array): Box {
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
  for (let i = 0; i < points.length; i += 3) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  return { left, top, right, bottom };
}
