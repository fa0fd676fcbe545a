/**
 * Shapes of the requests of the IDENTY API family. JSON bodies are checked against them; those of forms
 * are for `/openapi.json` alone, as a form is read part by part.
 */
import { z } from 'zod';
import { LIVENESS_LEVELS } from '../../biometrics/liveness/level.ts';
import { MATCH_LEVELS } from '../../biometrics/match/rating.ts';

const PictureFormats = z.enum(['JPEG', 'PNG', 'ISO_19794_5']);

/** Formats and levels have rows of their own in the table of errors, so any text passes here. */
const named = (values: { readonly options: readonly string[] }, meaning: string) =>
  z.string().meta({ description: meaning, enum: values.options });

const MatchLevel = named(
  z.enum(MATCH_LEVELS),
  'Level from which the pictures are taken to show one person.',
);

const Template = z.object({
  template: z.string().describe('Base64 of the picture, or of a face record.'),
  format: named(PictureFormats, 'What the client says it is; the content decides.'),
});

export const MatchRequest = z.object({
  image: Template.describe('The selfie.'),
  imageToVerifyAgainst: Template.describe('The other selfie, or the portrait of a document.'),
  level: MatchLevel,
}).meta({ id: 'MatchRequest' });

export const GenerateRequest = z.object({
  image: z.string().describe('Base64 of a picture of a face.'),
  qualityMode: z.enum(['ENROL', 'VERIFY', 'DISABLED']).default('ENROL')
    .describe('Checks that the picture must pass; a client that says nothing gets the strictest.'),
}).meta({ id: 'GenerateRequest' });

const Threshold = named(
  z.enum(LIVENESS_LEVELS),
  'Level from which the picture is taken for a live person.',
);

export const AntispoofRequest = z.object({
  image: z.string().describe('Base64 of a picture of a face.'),
  threshold: Threshold,
}).meta({ id: 'AntispoofRequest' });

export const AntispoofForm = z.object({
  image: z.string().describe('Base64 of a picture of a face, or the picture as a file.'),
  threshold: Threshold,
}).meta({ id: 'AntispoofForm' });

const Sealed = z.file().describe('The capture as the SDK returned it, sealed.');

export const SecureAntispoofForm = z.object({ file: Sealed }).meta({ id: 'SecureAntispoofForm' });

export const ProcessForm = z.object({
  file: Sealed,
  enableQuality: z.enum(['true', 'false']).default('true')
    .describe('Whether the answer holds `data.quality`.'),
}).meta({ id: 'ProcessForm' });

export const VerifyForm = z.object({
  file: Sealed,
  picID: z.string().describe('Base64 of the portrait of a document, or the picture as a file.'),
  template: named(PictureFormats, 'What the client says the portrait is; the content decides.'),
  level: MatchLevel,
}).meta({ id: 'VerifyForm' });

export const ModelsForm = z.object({
  part: z.enum(['face', 'eyes']).default('face').describe('Networks for framing, or for the eyes.'),
  known: z.string().optional().describe('Identifier of the networks that the client has.'),
}).meta({ id: 'ModelsForm' });
