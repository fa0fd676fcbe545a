/**
 * The gates of template generation from a calibration run: each asks what all but a stated share of the
 * run's clean pictures fulfil, or what a standard asks for.
 */
import type { QualityGate } from '../quality/calibration.ts';
import type { QualityInputs } from '../quality/unified-score.ts';
import { quantile } from './fit-quality.ts';

/** Share of clean pictures that each gate may refuse on each side. */
const ENROL_POSE = 0.05;
const ENROL_SCORE = 0.1;
const VERIFY_SCORE = 0.02;

/** Parts that ENROL wants "fully visible": eyes, nose and mouth. */
const VISIBLE = ['rightEyeVisibility', 'leftEyeVisibility', 'noseVisibility', 'mouthVisibility'];

/** A picture at reduced resolution: distance of the eyes that is left, and its share of lost comparisons. */
export interface ReducedPicture {
  readonly eyeDistance: number;
  readonly fnmr: number;
}

export interface GateRun {
  readonly dataName: string;
  /** Measures of the clean pictures, the unified score as "score". */
  readonly clean: readonly QualityInputs[];
  readonly reduced: readonly ReducedPicture[];
  /** FNMR of the clean pictures at the same threshold. */
  readonly cleanFnmr: number;
}

export function gatesFrom(run: GateRun): QualityGate[] {
  const { dataName, clean } = run;
  const at = (measure: string, share: number) => {
    const values = clean.map((picture) => picture[measure]).filter(Number.isFinite);
    return Number(quantile(values, share).toFixed(1));
  };
  const percent = (share: number) => `${100 * share} %`;
  const pose = ['yaw', 'pitch'].map((measure): QualityGate => ({
    mode: 'ENROL',
    finding: 'HEAD_POSE',
    measure,
    min: at(measure, ENROL_POSE),
    max: at(measure, 1 - ENROL_POSE),
    source: `${dataName}: ${percent(ENROL_POSE)} of the pictures lie below and above`,
  }));
  const visible = VISIBLE.map((measure): QualityGate => ({
    mode: 'ENROL',
    finding: 'OCCLUSION',
    measure,
    min: 45,
    source: 'IDENTY Face Web SDK 6, icao_data.is_compliant; the measures are scaled to it',
  }));
  const score = (mode: QualityGate['mode'], share: number): QualityGate => ({
    mode,
    finding: 'QUALITY',
    measure: 'score',
    min: at('score', share),
    source: `${dataName}: ${percent(share)} of the pictures lie below`,
  });
  return [
    {
      mode: 'ENROL',
      finding: 'MULTIPLE_FACES',
      measure: 'faceCount',
      max: 1,
      source: 'IDENTY Web Server 6, qualityMode ENROL: only a single face',
    },
    ...pose,
    {
      mode: 'ENROL',
      finding: 'HEAD_POSE',
      measure: 'roll',
      min: -8,
      max: 8,
      source:
        'ISO/IEC 19794-5:2005 7.2.2, roll of a frontal image; LFW is levelled and says nothing',
    },
    ...visible,
    {
      mode: 'ENROL',
      finding: 'EYE_DISTANCE',
      measure: 'interEyeDistance',
      min: 90,
      source: 'ISO/IEC 19794-5:2005 8.4.1, full frontal image: 90 pixels between the eyes',
    },
    score('ENROL', ENROL_SCORE),
    {
      mode: 'VERIFY',
      finding: 'EYE_DISTANCE',
      measure: 'interEyeDistance',
      min: leastEyeDistance(run),
      source: `${dataName}, at reduced resolution: from here on up the FNMR is at most ` +
        `${TOLERATED} times that of the pictures as they are`,
    },
    score('VERIFY', VERIFY_SCORE),
  ];
}

/** Times the FNMR of unreduced pictures that VERIFY puts up with. */
const TOLERATED = 1.5;
/** Pictures that a rate is taken over. */
const WINDOW = 40;

/** The smallest distance of the eyes above which every window of pictures keeps to the tolerated FNMR. */
export function leastEyeDistance({ reduced, cleanFnmr }: GateRun): number {
  const sorted = reduced.toSorted((a, b) => b.eyeDistance - a.eyeDistance);
  let least = sorted[0]?.eyeDistance ?? 0;
  for (let end = WINDOW; end <= sorted.length; end++) {
    const window = sorted.slice(end - WINDOW, end);
    const fnmr = window.reduce((sum, picture) => sum + picture.fnmr, 0) / WINDOW;
    if (fnmr > TOLERATED * cleanFnmr) break;
    least = window[WINDOW - 1].eyeDistance;
  }
  return Math.ceil(least);
}
