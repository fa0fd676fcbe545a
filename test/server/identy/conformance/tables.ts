/** Every endpoint of the documentation, in its order, and what belongs to none. */
import { anyEndpoint } from './any-endpoint.ts';
import { faceAs } from './face-as.ts';
import { faceHealth } from './face-health.ts';
import { generateTemplateFromImage } from './generate-template-from-image.ts';
import { matchWithPictureId } from './match-with-picture-id.ts';
import { matchWithSelfie } from './match-with-selfie.ts';
import { models } from './models.ts';
import { processTable } from './process.ts';
import { pubKey } from './pub-key.ts';
import { secureFaceAs } from './secure-face-as.ts';
import type { Table } from './support/rows.ts';
import { time } from './time.ts';
import { verifyWithPictureId } from './verify-with-picture-id.ts';

export const TABLES: readonly Table[] = [
  models,
  pubKey,
  time,
  processTable,
  matchWithSelfie,
  matchWithPictureId,
  verifyWithPictureId,
  generateTemplateFromImage,
  secureFaceAs,
  faceAs,
  faceHealth,
  anyEndpoint,
];
