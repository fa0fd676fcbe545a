/** Rows of "Selfie vs Selfie match". */
import { matchTable } from './support/match-tables.ts';

export const matchWithSelfie = matchTable(
  '/api/v1/matchWithSelfie',
  'match-with-selfie.ts',
  'selfie',
);
