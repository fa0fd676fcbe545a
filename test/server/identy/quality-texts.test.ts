import { expect, test } from 'bun:test';
import { IdentyError } from '../../../server/identy/errors.ts';
import { QUALITY_ANSWERS } from '../../../server/identy/quality-texts.ts';

// IDENTY Web Server 6, generateTemplateFromImage, response attribute "code"
test('every finding has the code and words of the specification', () => {
  const lines = Object.values(QUALITY_ANSWERS).map(({ feedbackCode, message }) =>
    `${new IdentyError(feedbackCode, message).code} for ${feedbackCode}, ${message}.`
  );
  expect(lines).toEqual([
    '509 for ERROR_MULTIPLE_FACES, (/image) Multiple faces detected.',
    '510 for ERROR_POOR_ICAO_QUALITY, non-compliant head pose.',
    '510 for ERROR_POOR_ICAO_QUALITY, Face partially occluded.',
    '510 for ERROR_POOR_ICAO_QUALITY, Inter ocular distance too small.',
    '510 for ERROR_POOR_ICAO_QUALITY, Non-compliant quality.',
  ]);
});
