/**
 * Size and place of the head in the picture: inter-eye distance (ISO/IEC 29794-5 7.4.8), head size (7.4.9),
 * crop of the face image (7.4.10), and the fractions of the full frontal image of ISO/IEC 19794-5 8.3.
 */
import { CHIN, eyeCentre, LEFT_EYE, RIGHT_EYE } from '../landmarks/mesh-topology.ts';
import type { HeadPose } from '../landmarks/pose.ts';
import type { FaceScene } from '../scene.ts';
import { type Foreground, foregroundAt } from '../segment/foreground.ts';

export interface HeadGeometry {
  /** Distance of the eye centres in pixels, the foreshortening by yaw undone. */
  readonly interEyeDistance: number;
  /** Width of the picture over its height. */
  readonly aspectRatio: number;
  /** Horizontal place of the face's middle M as a share of the picture's width (19794-5: 0.45 to 0.55). */
  readonly faceCentreX: number;
  /** Vertical place of the eyes as a share of the height from the top (19794-5: 0.3 to 0.5). */
  readonly faceCentreY: number;
  /** Head width as a share of the picture's width (19794-5: 0.5 to 0.75). */
  readonly headWidthShare: number;
  /** Chin to crown as a share of the picture's height (19794-5: 0.6 to 0.9). */
  readonly headHeightShare: number;
  /** Crown below the top edge as a share of the height; 0 or less when the crown is cut off. */
  readonly crownMargin: number;
  /** Chin above the bottom edge as a share of the height. */
  readonly chinMargin: number;
}

/** Outermost mesh points of the face: the temples' side, 145 mm apart where the head is 155 mm wide. */
const SIDES = [234, 454] as const;
const HEAD_OF_FACE_WIDTH = 155 / 145;
/**
 * Eyes to crown as a share of eyes to chin where the foreground mask cannot tell: the eyes are midway between
 * crown and chin.
 */
const USUAL_CROWN = 1;
/** Where the crown is looked for, as shares of eyes to chin above the eyes. */
const LOWEST_CROWN = 0.7, HIGHEST_CROWN = 1.5;
const STEP = 0.02;
/** Foreshortening beyond this turn says nothing of the distance any more. */
const MOST_YAW = 60;

export function headGeometry(
  { pyramid, mesh }: FaceScene,
  foreground: Foreground,
  pose: HeadPose,
): HeadGeometry {
  const { width, height } = pyramid.picture;
  const right = eyeCentre(mesh, RIGHT_EYE), left = eyeCentre(mesh, LEFT_EYE);
  const eyes = [(right[0] + left[0]) / 2, (right[1] + left[1]) / 2] as const;
  const chin = [mesh[3 * CHIN], mesh[3 * CHIN + 1]] as const;
  const up = [eyes[0] - chin[0], eyes[1] - chin[1]] as const;
  const crown = crownReach(foreground, eyes, up, width, height);
  const crownY = eyes[1] + up[1] * crown;
  const faceWidth = Math.hypot(
    mesh[3 * SIDES[0]] - mesh[3 * SIDES[1]],
    mesh[3 * SIDES[0] + 1] - mesh[3 * SIDES[1] + 1],
  );
  const yaw = Math.min(MOST_YAW, Math.abs(pose.yaw)) * Math.PI / 180;
  const all = {
    interEyeDistance: Math.hypot(left[0] - right[0], left[1] - right[1]) / Math.cos(yaw),
    aspectRatio: width / height,
    faceCentreX: eyes[0] / width,
    faceCentreY: eyes[1] / height,
    headWidthShare: faceWidth * HEAD_OF_FACE_WIDTH / width,
    headHeightShare: Math.hypot(...up) * (1 + crown) / height,
    crownMargin: crownY / height,
    chinMargin: (height - chin[1]) / height,
  };
  return Object.values(all).every(Number.isFinite) ? all : {
    ...all,
    interEyeDistance: 0,
    faceCentreX: 0,
    faceCentreY: 0,
    headWidthShare: 0,
    headHeightShare: 0,
    crownMargin: 0,
    chinMargin: 0,
  };
}

/** Eyes to crown in units of eyes to chin: where the foreground ends above the middle of the face. */
function crownReach(
  foreground: Foreground,
  eyes: readonly [number, number],
  up: readonly [number, number],
  width: number,
  height: number,
): number {
  for (let reach = LOWEST_CROWN; reach <= HIGHEST_CROWN; reach += STEP) {
    const x = eyes[0] + up[0] * reach, y = eyes[1] + up[1] * reach;
    if (x < 0 || y < 0 || x >= width || y >= height) break;
    if (foregroundAt(foreground, x, y) < 0.5) return reach;
  }
  return USUAL_CROWN;
}
