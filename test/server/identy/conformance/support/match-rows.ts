/** Rows of what compares two faces: `matchWithSelfie`, `matchWithPictureId`, `verifyWithPictureId`. */
import { expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCalibration, thresholdAt } from '../../../../../biometrics/match/calibration.ts';
import {
  type MatchKind,
  type MatchLevel,
  rateSimilarity,
  workingPoints,
} from '../../../../../biometrics/match/rating.ts';
import { asked, equals, field, isRefid, type Row, type Send } from './rows.ts';
import type { Site } from './site.ts';

/** Level, false accept rate as 1 in N, similarity score, from the documentation of each endpoint. */
const LEVELS: Readonly<
  Record<MatchKind, readonly (readonly [MatchLevel, number, number])[]>
> = {
  'selfie': [
    ['MEDIUM', 1000, 80],
    ['HIGH', 10_000, 90],
    ['VERY_HIGH', 100_000, 95],
    ['HIGHEST', 1_000_000, 98],
  ],
  'picture-id': [
    ['MEDIUM', 200, 60],
    ['HIGH', 1000, 80],
    ['VERY_HIGH', 5000, 85],
    ['HIGHEST', 10_000, 90],
  ],
};

/** First bytes of each format that a picture may have, as Latin-1. */
export const FORMATS = [
  ['JPEG', '\xff\xd8\xff'],
  ['PNG', '\x89PNG\r\n\x1a\n'],
  ['ISO_19794_5', 'FAC\0'],
] as const;

const calibration = parseCalibration(
  readFileSync(join(import.meta.dir, '../../../../../models/default/calibration-match.json')),
);

/** @param at sends a good request at a level */
export function levelRows(
  kind: MatchKind,
  at: (site: Site, level: string) => Promise<Response>,
): Row[] {
  return LEVELS[kind].map(([level, n]) => ({
    row: `level ${level}`,
    shows: `is taken; false accept rate of 1 in ${n}`,
    check: async (site) => {
      expect((await at(site, level)).status).toBe(200);
      const point = workingPoints(kind).find((one) => one.level === level);
      expect(point?.fmr).toBeCloseTo(1 / n, 12);
    },
  }));
}

/** What `similarityScore` says at each level, by the calibration of the default pack. */
export function scaleRows(kind: MatchKind): Row[] {
  return LEVELS[kind].map(([level, n, score]) => ({
    row: 'similarityScore',
    shows: `${score} at ${level}, 1 in ${n}`,
    check: () => {
      const rating = rateSimilarity(calibration, thresholdAt(calibration, 1 / n), kind);
      expect(rating.level).toBe(level);
      expect(rating.similarityScore).toBeCloseTo(score, 6);
    },
  }));
}

/** Compares what two pictures show, in the words of the fake engine, at a level. */
export type Compare = (
  site: Site,
  probe: string,
  reference: string,
  level: MatchLevel,
) => Promise<Response>;

const HIGHEST = 'matchHighestSecurityLevelReached';

/** The fields of a comparison that took place. */
export function matchAnswer(action: string, compare: Compare): Row[] {
  const send: Send = (site) => compare(site, 'face 0', 'face 0.8', 'MEDIUM');
  const answer = asked(send);
  const row = (
    name: string,
    shows: string,
    [probe, reference, level]: readonly [string, string, MatchLevel],
    wanted: object,
  ): Row => ({
    row: name,
    shows,
    check: async (site) => {
      expect(await (await compare(site, probe, reference, level)).json()).toMatchObject(wanted);
    },
  });
  return [
    field(answer, 'code', '200', equals(200)),
    field(answer, 'feedbackCode', 'FEEDBACK_MATCHED', equals('FEEDBACK_MATCHED')),
    field(
      answer,
      'refid',
      `transaction identifier, action ${action}`,
      isRefid(action),
      'the prose calls the uid numeric, the examples have a UUID',
    ),
    field(
      answer,
      'score',
      'number, the distance of the two faces',
      (value) => expect(value).toBeCloseTo(1 - Math.cos(0.8), 5),
    ),
    row('score', '0 for the same picture', ['face 0', 'face 0', 'LOW'], { score: 0 }),
    field(answer, 'similarityScore', 'whole number of 0 to 100', (value) => {
      expect(value).toBeInteger();
      expect(value).toBeWithin(0, 101);
    }),
    field(answer, 'possibleMatch', 'true when the level is reached', equals(true)),
    row('possibleMatch', 'false when the level is not reached', ['face 0', 'face 0.8', 'HIGH'], {
      code: 200,
      feedbackCode: 'FEEDBACK_MATCHED',
      possibleMatch: false,
    }),
    row(HIGHEST, 'the level reached when a lower one was asked for', ['face 0', 'face 0', 'LOW'], {
      possibleMatch: true,
      [HIGHEST]: 'HIGHEST',
    }),
    row(HIGHEST, 'the level reached when a higher one was asked for', [
      'face 0',
      'face 0.8',
      'HIGH',
    ], { possibleMatch: false, [HIGHEST]: 'MEDIUM' }),
    row(HIGHEST, 'NONE below LOW', ['face 0', 'face 3', 'LOW'], { [HIGHEST]: 'NONE' }),
  ];
}

/** A flag that is true when a picture shows several faces. */
export function severalFaces(name: string, compare: Compare, of: 'probe' | 'reference'): Row {
  return {
    row: name,
    shows: 'true when several faces are on that picture',
    check: async (site) => {
      for (const faces of [1, 2]) {
        const says = `face 0 ${faces}`;
        const response = of === 'probe'
          ? await compare(site, says, 'face 0', 'LOW')
          : await compare(site, 'face 0', says, 'LOW');
        expect(await response.json()).toMatchObject({ [name]: faces === 2 });
      }
    },
  };
}
