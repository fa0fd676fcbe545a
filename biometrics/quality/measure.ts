/** All native measures of a face picture in one call, each under a name that stays. */
import { headPose } from '../landmarks/pose.ts';
import { backgroundUniformity } from './background.ts';
import { type Compression, compression } from './compression.ts';
import { type Exposure, exposure } from './exposure.ts';
import { type Expression, expression } from './expression.ts';
import { type EyeCover, eyeCover } from './eyes-visible.ts';
import { eyesOpen, type EyesOpenness } from './eyes-open.ts';
import { facePatch } from './face-patch.ts';
import { type Gaze, gaze } from './gaze.ts';
import { type HeadGeometry, headGeometry } from './head-geometry.ts';
import { illuminationUniformity } from './illumination.ts';
import type { QualityInput } from './input.ts';
import { sharpness } from './sharpness.ts';
import { shoulders } from './shoulders.ts';
import { skinColour } from './skin.ts';
import { type Visibility, visibility } from './visibility.ts';

/** Ranges and sources stand with the parts; docs/quality.md has them in one table. */
export interface FaceMeasures
  extends
    Compression,
    Exposure,
    Expression,
    EyeCover,
    EyesOpenness,
    Gaze,
    HeadGeometry,
    Visibility {
  /** Faces in the picture, 1 or more (ISO/IEC 29794-5 7.4.2, single face present). */
  readonly faceCount: number;
  /** Size of the picture as its file has it, pixels. */
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** Degrees, as in HeadPose. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Misfit of the pose, 0..1. */
  readonly poseResidual: number;
  /** 0..100 each. */
  readonly backgroundUniformity: number;
  readonly illuminationUniformity: number;
  readonly sharpness: number;
  readonly shoulders: number;
}

/** Measures the most prominent face; every value is finite and in its range for any input. */
export function measureFace({ scene, eyes, foreground, file }: QualityInput): FaceMeasures {
  const { picture } = scene.pyramid;
  const patch = facePatch(scene);
  const skin = skinColour(patch);
  const pose = headPose(scene.mesh, picture);
  return {
    faceCount: scene.faces.length,
    imageWidth: file?.sourceWidth ?? picture.width,
    imageHeight: file?.sourceHeight ?? picture.height,
    yaw: pose.yaw,
    pitch: pose.pitch,
    roll: pose.roll,
    poseResidual: pose.residual,
    backgroundUniformity: backgroundUniformity(scene.pyramid, foreground),
    illuminationUniformity: illuminationUniformity(patch),
    sharpness: sharpness(scene, patch.eyeDistance),
    shoulders: shoulders(scene, foreground),
    ...exposure(patch),
    ...compression(picture, file),
    ...expression(scene.mesh),
    ...eyesOpen(eyes),
    ...eyeCover(patch, skin),
    ...gaze(eyes, pose),
    ...headGeometry(scene, foreground, pose),
    ...visibility(patch, skin),
  };
}
