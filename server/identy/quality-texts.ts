/** IDENTY Web Server 6, generateTemplateFromImage: how a picture's faults are told to the client. */
import type { QualityFindingKind } from '../../biometrics/quality/judge.ts';

interface QualityAnswer {
  readonly feedbackCode: 'ERROR_MULTIPLE_FACES' | 'ERROR_POOR_ICAO_QUALITY';
  readonly message: string;
}

const POOR = { feedbackCode: 'ERROR_POOR_ICAO_QUALITY' } as const;

/** Feedback code and message of each finding, in the words of the specification. */
export const QUALITY_ANSWERS: Readonly<Record<QualityFindingKind, QualityAnswer>> = {
  MULTIPLE_FACES: {
    feedbackCode: 'ERROR_MULTIPLE_FACES',
    message: '(/image) Multiple faces detected',
  },
  HEAD_POSE: { ...POOR, message: 'non-compliant head pose' },
  OCCLUSION: { ...POOR, message: 'Face partially occluded' },
  EYE_DISTANCE: { ...POOR, message: 'Inter ocular distance too small' },
  QUALITY: { ...POOR, message: 'Non-compliant quality' },
};
