/** Rows of liveness levels, and of the answer that both liveness endpoints give. */
import { expect } from 'bun:test';
import { asked, equals, field, isBase64Of, isRefid, type Row, type Send } from './rows.ts';
import type { Site } from './site.ts';

/** Level, and whether the fake engine supports it. */
const LEVELS = [
  ['LOW', true],
  ['MEDIUM', false],
  ['MODERATE', false],
  ['BALANCED_HIGH', true],
  ['HIGH', false],
  ['BALANCED_VERY_HIGH', true],
  ['VERY_HIGH', false],
  ['HIGHEST', false],
] as const;

/**
 * @param name of the level in the documentation
 * @param isLive whether a picture that reaches BALANCED_VERY_HIGH is live at a level; throws when it is refused
 */
export function thresholdRows(
  name: string,
  isLive: (site: Site, level: string) => Promise<boolean>,
  remark?: string,
): Row[] {
  return LEVELS.map(([level, supported]) => ({
    row: `${name} ${level}`,
    shows: supported
      ? 'is taken, and decides what is a spoof'
      : 'is taken, and never reached where it is not supported',
    remark,
    check: async (site) => expect(await isLive(site, level)).toBe(supported),
  }));
}

export interface Judging {
  /** Judges a picture by a level. */
  readonly judge: (site: Site, picture: Uint8Array, level: string) => Promise<Response>;
  /** Makes a picture of what the fake engine is told. */
  readonly picture: (says: string) => Uint8Array;
}

const LEVEL = 'as_highest_security_level_reached';

export function livenessAnswer({ judge, picture }: Judging): Row[] {
  const live = picture('face 0 1 0.95');
  const send: Send = (site) => judge(site, live, 'LOW');
  const answer = asked(send);
  const judged = (says: string, level: string) => async (site: Site) =>
    await (await judge(site, picture(says), level)).json();
  return [
    field(
      answer,
      LEVEL,
      'the highest level reached, whatever was asked for',
      equals('BALANCED_VERY_HIGH'),
    ),
    {
      row: LEVEL,
      shows: 'the highest level reached by a spoof that misses the level asked for',
      check: async (site) => {
        expect(await judged('face 0 1 0.85', 'BALANCED_VERY_HIGH')(site)).toMatchObject({
          [LEVEL]: 'BALANCED_HIGH',
          is_spoof: true,
        });
      },
    },
    {
      row: LEVEL,
      shows: 'null when not even LOW is reached',
      remark: 'said of process; the endpoint itself says nothing of it',
      check: async (site) => {
        expect(await judged('face 0 1 0.3', 'LOW')(site)).toMatchObject({ [LEVEL]: null });
      },
    },
    field(answer, 'is_spoof', 'false for a live picture', equals(false)),
    {
      row: 'is_spoof',
      shows: 'true when the level asked for is not reached',
      check: async (site) => {
        expect(await judged('face 0 1 0.3', 'LOW')(site)).toMatchObject({ is_spoof: true });
      },
    },
    field(answer, 'score', 'number, the liveness score', equals(0.95)),
    field(answer, 'error', '0 for a picture that was judged', equals(0)),
    field(
      answer,
      'refid',
      'transaction identifier, action antispoof',
      isRefid('antispoof'),
      'the example reads W-finger-process; its section is on faces, and the prose names the action ' +
        'antispoof',
    ),
    field(answer, 'input.image', 'the picture that was judged, Base64', isBase64Of(live)),
  ];
}
