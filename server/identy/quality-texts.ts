/** IDENTY Web Server 6, generateTemplateFromImage: how a picture's faults are told to the client. */
import type { QualityFindingKind } from '../../biometrics/quality/judge.ts';

interface QualityAnswer {
  readonly code: number;
  readonly feedbackCode: 'ERROR_MULTIPLE_FACES' | 'ERROR_POOR_ICAO_QUALITY';
  readonly message: string;
}

const POOR = { code: 510, feedbackCode: 'ERROR_POOR_ICAO_QUALITY' } as const;

/** Code, feedback code and message of each finding, in the words of the specification. */
export const QUALITY_ANSWERS: Readonly<Record<QualityFindingKind, QualityAnswer>> = {
  MULTIPLE_FACES: {
    code: 509,
    feedbackCode: 'ERROR_MULTIPLE_FACES',
    message: '(/image) Multiple faces detected',
  },
  HEAD_POSE: { ...POOR, message: 'non-compliant head pose' },
  OCCLUSION: { ...POOR, message: 'Face partially occluded' },
  EYE_DISTANCE: { ...POOR, message: 'Inter ocular distance too small' },
  QUALITY: { ...POOR, message: 'Non-compliant quality' },
};
