/** The checks of a selfie that the IDENTY Web Server API reports as `icao_data`, from the native measures. */
import type { FaceMeasures } from './measure.ts';

/** Integers are 0..100. L and R are left and right in the picture: the person's own right eye is eyeL. */
export interface IcaoChecks {
  readonly multiple_faces: boolean;
  readonly eyes_full_visibility: boolean;
  readonly background_continuity: number;
  readonly illumination_uniformity: number;
  readonly over_exposure: number;
  readonly under_exposure: number;
  readonly nose_visibility: number;
  readonly mouth_visibility: number;
  readonly top_visibility: number;
  readonly bottom_visibility: number;
  readonly eyeL_visibility: number;
  readonly eyeR_visibility: number;
  readonly sideL_visibility: number;
  readonly sideR_visibility: number;
  readonly is_compliant: boolean;
}

/**
 * Visibilities above which a face complies (IDENTY Face Web SDK v6, icao_data.is_compliant). The legible part of
 * that list names these and a single face; its example is not compliant although it meets all of them, with
 * eyes_full_visibility false, so the eyes are required, too.
 */
const FEATURE = 45;
const REGION = 20;
/**
 * Largest share of an eye under reflections, in percent, and of both under dark glass; see docs/quality.md for
 * how many pictures of LFW View 1 are above.
 */
export const MOST_GLARE = 12;
export const MOST_DARK = 85;

export function icaoChecks(measures: FaceMeasures): IcaoChecks {
  const m = measures;
  // The rounded values decide, so that an answer never contradicts the numbers in it.
  const eyeL = Math.round(m.rightEyeVisibility), eyeR = Math.round(m.leftEyeVisibility);
  const checks = {
    multiple_faces: m.faceCount > 1,
    eyes_full_visibility: m.eyesStatus === 'OPEN' && eyeL > FEATURE && eyeR > FEATURE &&
      m.glassesGlare <= MOST_GLARE && m.darkGlasses <= MOST_DARK,
    background_continuity: Math.round(m.backgroundUniformity),
    illumination_uniformity: Math.round(m.illuminationUniformity),
    over_exposure: Math.round(m.overExposure),
    under_exposure: Math.round(m.underExposure),
    nose_visibility: Math.round(m.noseVisibility),
    mouth_visibility: Math.round(m.mouthVisibility),
    top_visibility: Math.round(m.topVisibility),
    bottom_visibility: Math.round(m.bottomVisibility),
    eyeL_visibility: eyeL,
    eyeR_visibility: eyeR,
    sideL_visibility: Math.round(m.rightSideVisibility),
    sideR_visibility: Math.round(m.leftSideVisibility),
  };
  return {
    ...checks,
    is_compliant: checks.eyes_full_visibility && checks.nose_visibility > FEATURE &&
      checks.mouth_visibility > FEATURE &&
      checks.sideL_visibility > REGION && checks.sideR_visibility > REGION &&
      checks.top_visibility > REGION && checks.bottom_visibility > REGION && !checks.multiple_faces,
  };
}
