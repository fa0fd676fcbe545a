/** Rows of "Selfie vs face image extracted from ID cards". */
import { matchTable } from './support/match-tables.ts';

export const matchWithPictureId = matchTable(
  '/api/v1/matchWithPictureId',
  'match-with-picture-id.ts',
  'picture-id',
);
