/**
 * How much of each part of the face can be seen (ISO/IEC 29794-5 7.4.5 to 7.4.7, occlusion of eyes, mouth and
 * face): a logistic regression on the part's features, times its share inside the picture. Right and left are
 * the person's own.
 */
import type { FacePatch } from './face-patch.ts';
import { regionFeatures } from './region-features.ts';
import { type Region, regionPixels } from './regions.ts';
import type { SkinColour } from './skin.ts';
import { VISIBILITY_WEIGHTS, type VisiblePart } from './visibility-weights.ts';

/** Each 0 (hidden or outside the picture) to 100 (in plain view). */
export interface Visibility {
  readonly noseVisibility: number;
  readonly mouthVisibility: number;
  /** Above the eyes: brows to the upper edge of the forehead. */
  readonly topVisibility: number;
  /** Below the mouth: chin. */
  readonly bottomVisibility: number;
  readonly rightEyeVisibility: number;
  readonly leftEyeVisibility: number;
  /** Beside the right eye: temple and outer cheek. */
  readonly rightSideVisibility: number;
  readonly leftSideVisibility: number;
}

/** A part turned out of view by yaw has few pixels left; fewer than this say nothing and rate 0. */
const LEAST_PIXELS = 4;

export function visibility(patch: FacePatch, skin: SkinColour): Visibility {
  const rate = (region: Region, part: VisiblePart): number => {
    const { pixels, inside } = regionPixels(patch, region);
    if (pixels.length < LEAST_PIXELS) return 0;
    const features = regionFeatures(patch, pixels, skin);
    const weights = VISIBILITY_WEIGHTS[part];
    let sum = weights[features.length];
    for (let i = 0; i < features.length; i++) sum += weights[i] * features[i];
    return 100 * Math.min(1, inside) / (1 + Math.exp(-sum));
  };
  return {
    noseVisibility: rate('nose', 'nose'),
    mouthVisibility: rate('mouth', 'mouth'),
    topVisibility: rate('top', 'top'),
    bottomVisibility: rate('bottom', 'bottom'),
    rightEyeVisibility: rate('rightEye', 'eye'),
    leftEyeVisibility: rate('leftEye', 'eye'),
    rightSideVisibility: rate('rightSide', 'side'),
    leftSideVisibility: rate('leftSide', 'side'),
  };
}
