/**
 * Shapes of the answers of the IDENTY API family. The renderer is typed by them, `/openapi.json` is made of
 * them, and tests hold real answers against it.
 */
import { z } from 'zod';
import { LIVENESS_LEVELS } from '../../biometrics/liveness/level.ts';
import { MATCH_LEVELS } from '../../biometrics/match/rating.ts';
import { ERROR_NAMES } from './error-table.ts';

const Refid = z.string().regex(/^W-face-[A-Za-z0-9]+-[0-9a-f-]{36}-\d{13}$/)
  .describe('Identifier of the transaction: W-face-ACTION-UUID-MILLISECONDS.')
  .meta({ id: 'Refid' });

const Percent = z.int().min(0).max(100);
const Picture = z.base64().describe('Base64 of a picture.');

const MatchLevelReached = z.enum(['NONE', ...MATCH_LEVELS])
  .describe('Strictest level that the comparison reaches, whatever level was asked for.');

const LivenessLevelReached = z.enum(LIVENESS_LEVELS).nullable()
  .describe(
    'Strictest level that the score reaches; null for none, or without liveness detection.',
  );

const Templates = z.record(z.string(), z.string())
  .describe('Base64 by name of the template: JPEG, PNG, ISO_19794_5, IDENTY_TYPE_1.');

const EncryptedTemplates = z.record(
  z.string(),
  z.object({
    data: z.base64().describe('AES-256-GCM ciphertext, the tag of 16 bytes behind it.'),
    key1: z.base64().describe('The AES key under RSA-OAEP with SHA-1.'),
    key2: z.base64().describe('The initialisation vector under RSA-OAEP with SHA-1.'),
  }),
).describe('In the place of `templates` where the installation encrypts them.');

const templateParts = {
  templates: Templates.optional(),
  encrypted_templates: EncryptedTemplates.optional(),
};

const IcaoData = z.object({
  multiple_faces: z.boolean().describe('More than one face was found.'),
  eyes_full_visibility: z.boolean()
    .describe('Both eyes are open, not covered, and without glare or dark glasses.'),
  background_continuity: Percent.describe('How even the background is.'),
  illumination_uniformity: Percent.describe('How evenly the face is lit.'),
  over_exposure: Percent.describe('Share of the face that is too bright.'),
  under_exposure: Percent.describe('Share of the face that is too dark.'),
  nose_visibility: Percent,
  mouth_visibility: Percent,
  top_visibility: Percent.describe('Above the eyes.'),
  bottom_visibility: Percent.describe('Below the mouth.'),
  eyeL_visibility: Percent.describe("The eye on the left of the picture, the person's right one."),
  eyeR_visibility: Percent.describe("The eye on the right of the picture, the person's left one."),
  sideL_visibility: Percent.describe('Beside that eye, on the left of the picture.'),
  sideR_visibility: Percent.describe('Beside that eye, on the right of the picture.'),
  is_compliant: z.boolean()
    .describe('Eyes fully visible, nose and mouth above 45, the other regions above 20, one face.'),
}).meta({ id: 'IcaoData', description: 'Checks after ICAO; each number is 0 to 100.' });

export const MatchAnswer = z.object({
  code: z.literal(200),
  feedbackCode: z.literal('FEEDBACK_MATCHED').describe('The pictures were compared.'),
  refid: Refid,
  score: z.number().min(0)
    .describe('Distance: 0 for the same picture, growing as faces differ. For debugging.'),
  similarityScore: Percent.describe('Similarity; its meaning stays the same over releases.'),
  possibleMatch: z.boolean().describe('Whether it is the same person at the level asked for.'),
  multipleFacesImage: z.boolean().describe('`image` shows several; the largest was used.'),
  multipleFacesImageToVerifyAgainst: z.boolean().optional()
    .describe('The same of the other selfie; matchWithSelfie only.'),
  matchHighestSecurityLevelReached: MatchLevelReached,
}).meta({ id: 'MatchAnswer' });

export const LivenessAnswer = z.object({
  as_highest_security_level_reached: LivenessLevelReached,
  is_spoof: z.boolean().describe('The level asked for is not reached.'),
  score: z.number().min(0).max(1).describe('0 attack, 1 bona fide.'),
  error: z.literal(0),
  refid: Refid,
  input: z.object({ image: Picture.describe('The picture that was judged.') }),
}).meta({ id: 'LivenessAnswer' });

const CaptureQuality = z.object({
  eyes_status: z.enum(['OPEN', 'CLOSED']).describe('OPEN from a metric of 10 on.'),
  eyes_open_metric: z.number().min(0).max(100).describe('0 shut, 100 wide open.'),
  head_pose_check: z.boolean().describe('The person looks straight ahead.'),
  quality_metric: z.number().min(0).max(100).describe('Quality as a whole, 100 the best.'),
  qc_passed: z.boolean().describe('Good enough to be compared.'),
}).meta({ id: 'CaptureQuality' });

export const ProcessAnswer = z.object({
  refid: Refid,
  code: z.literal(200),
  message: z.literal('FEEDBACK_CAPTURED'),
  upload_ts: z.int().describe('Milliseconds from packing to answer, by the clocks of both sides.'),
  data: z.object({
    bits_per_pixel: z.literal(8).describe('Of one colour.'),
    capture_date: z.string().describe('When the picture was taken, UTC.'),
    width: z.literal(480),
    channels: z.literal(3),
    height: z.literal(640),
    resolution: z.literal('480x640x3'),
    as_highest_security_level_reached: LivenessLevelReached,
    spoof_score: z.array(z.number().min(0).max(1)).max(1)
      .describe('The liveness score, 1 bona fide; empty without liveness detection.'),
    quality: CaptureQuality.optional().describe('Left out with enableQuality=false.'),
    ...templateParts,
  }),
  icao_data: IcaoData.extend(templateParts).optional()
    .describe('With ICAO checks: the checks, and the portrait in the picture formats asked for.'),
}).meta({ id: 'ProcessAnswer' });

export const RetryAnswer = z.object({
  code: z.union([z.literal(401), z.literal(408)]),
  message: z.enum(['FEEDBACK_RETRY', 'FEEDBACK_RETRY_INSECURE'])
    .describe('401: the liveness level is not reached. 408: the camera is a program.'),
  feedbackCode: z.enum(['FEEDBACK_RETRY', 'FEEDBACK_RETRY_INSECURE']),
  refid: Refid,
  description: z.string(),
  data: z.object({ image: Picture, as_highest_security_level_reached: LivenessLevelReached }),
  quality: z.boolean()
    .describe('Whether the quality was good; if not, the person should try again in better light.'),
  debug: z.object({ spoof_score: z.array(z.number().min(0).max(1)) }),
}).meta({ id: 'RetryAnswer', description: 'A capture that is not taken for a live one.' });

export const GeneratedAnswer = z.object({
  code: z.literal(200),
  feedbackCode: z.literal('FEEDBACK_CAPTURED'),
  data: z.object({
    height: z.int().min(1),
    width: z.int().min(1),
    channels: z.literal(3),
    templates: z.object({ IDENTY_TYPE_1: z.base64().describe('The recognition template.') }),
    bits_per_pixel: z.literal(8),
  }),
  icao_data: IcaoData,
  refid: Refid,
}).meta({ id: 'GeneratedAnswer' });

export const PublicKeyAnswer = z.object({
  version: z.literal(1),
  kid: z.string().regex(/^[0-9a-f]{32}$/).describe('Key id, as it stands in envelopes.'),
  spki: z.base64().describe('SubjectPublicKeyInfo of an RSA key, DER.'),
  alg: z.literal('RSA-OAEP-256'),
}).meta({ id: 'PublicKeyAnswer' });

export const ErrorAnswer = z.object({
  code: z.int().describe('As in the table of errors.'),
  feedbackCode: z.enum(ERROR_NAMES),
  message: z.string().describe('For people; never repeats what was sent.'),
  refid: Refid,
}).meta({ id: 'ErrorAnswer' });

export type MatchAnswer = z.output<typeof MatchAnswer>;
export type LivenessAnswer = z.output<typeof LivenessAnswer>;
export type ProcessAnswer = z.output<typeof ProcessAnswer>;
export type RetryAnswer = z.output<typeof RetryAnswer>;
export type GeneratedAnswer = z.output<typeof GeneratedAnswer>;
export type PublicKeyAnswer = z.output<typeof PublicKeyAnswer>;
export type ErrorAnswer = z.output<typeof ErrorAnswer>;
