/** Rows of `icao_data`, answered by `process` and `face/generateTemplateFromImage`. */
import { expect } from 'bun:test';
import { equals, field, isPercent, type Row } from './rows.ts';
import type { Site } from './site.ts';

type Answer = (site: Site) => Promise<unknown>;
/** The `icao_data` of a face with these measures, named as the fake engine names them. */
export type IcaoOf = (site: Site, measures: string) => Promise<Record<string, unknown>>;

/** Measures that are no whole numbers, all different. */
export const MEASURES = 'backgroundUniformity=50.4 illuminationUniformity=51.6 overExposure=1.2 ' +
  'underExposure=2.4 noseVisibility=93.3 mouthVisibility=94.2 topVisibility=95.4 ' +
  'bottomVisibility=96.1 rightEyeVisibility=91.3 leftEyeVisibility=92.2 ' +
  'rightSideVisibility=97.4 leftSideVisibility=98.3';

const MIRROR =
  'L and R are left and right in the picture, as the mirror effect is described; the ' +
  'documentation has the texts of eyeL and sideL exchanged';

export function icaoRows(answer: Answer, icaoOf: IcaoOf): Row[] {
  const percent = (name: string, wanted: number, of: string, remark?: string) =>
    field(answer, `icao_data.${name}`, `integer, 0 to 100: ${of}`, isPercent(wanted), remark);
  return [
    field(answer, 'icao_data.multiple_faces', 'false for one face', equals(false)),
    {
      row: 'icao_data.multiple_faces',
      shows: 'true for two faces',
      check: async (site) => {
        expect((await icaoOf(site, 'faceCount=2')).multiple_faces).toBe(true);
      },
    },
    field(answer, 'icao_data.eyes_full_visibility', 'true for open eyes', equals(true)),
    ...([
      ['closed eyes', 'eyesStatus=CLOSED'],
      ['dark glasses', 'darkGlasses=90'],
      ['glare', 'glassesGlare=20'],
    ] as const).map(([fault, measures]) => ({
      row: 'icao_data.eyes_full_visibility',
      shows: `false for ${fault}`,
      check: async (site: Site) => {
        expect((await icaoOf(site, measures)).eyes_full_visibility).toBe(false);
      },
    })),
    percent('background_continuity', 50, 'how even the background is'),
    percent('illumination_uniformity', 52, 'how even the light on the face is'),
    percent('over_exposure', 1, 'share that is too bright'),
    percent('under_exposure', 2, 'share that is too dark'),
    percent('nose_visibility', 93, 'visibility of the nose'),
    percent('mouth_visibility', 94, 'visibility of the mouth'),
    percent('top_visibility', 95, 'visibility above the eyes'),
    percent('bottom_visibility', 96, 'visibility below the mouth'),
    percent('eyeL_visibility', 91, "the person's right eye", MIRROR),
    percent('eyeR_visibility', 92, "the person's left eye", MIRROR),
    percent('sideL_visibility', 97, "the person's right side", MIRROR),
    percent('sideR_visibility', 98, "the person's left side", MIRROR),
  ];
}

/** Measure that the fake engine knows, field of the answer, value that is just too little. */
const LEAST = [
  ['noseVisibility', 'nose_visibility', 45],
  ['mouthVisibility', 'mouth_visibility', 45],
  ['rightSideVisibility', 'sideL_visibility', 20],
  ['leftSideVisibility', 'sideR_visibility', 20],
  ['topVisibility', 'top_visibility', 20],
  ['bottomVisibility', 'bottom_visibility', 20],
] as const;

/** The rule of `is_compliant`, one condition a row. */
export function complianceRows(answer: Answer, icaoOf: IcaoOf): Row[] {
  const row = 'icao_data.is_compliant';
  return [
    field(answer, row, 'true when every condition holds', equals(true)),
    ...LEAST.map(([measure, name, tooLittle]) => ({
      row,
      shows: `needs ${name} greater than ${tooLittle}`,
      check: async (site: Site) => {
        const [refused, taken] = [
          await icaoOf(site, `${measure}=${tooLittle}`),
          await icaoOf(site, `${measure}=${tooLittle + 1}`),
        ];
        expect([refused[name], refused.is_compliant]).toEqual([tooLittle, false]);
        expect([taken[name], taken.is_compliant]).toEqual([tooLittle + 1, true]);
      },
    })),
    {
      row,
      shows: 'needs a single face',
      check: async (site) => {
        expect((await icaoOf(site, 'faceCount=2')).is_compliant).toBe(false);
      },
    },
    {
      row,
      shows: 'needs eyes_full_visibility',
      remark: 'the list of conditions is cut off above nose_visibility; the example of an answer ' +
        'meets all that can be read, has eyes_full_visibility false and is not compliant',
      check: async (site) => {
        expect((await icaoOf(site, 'eyesStatus=CLOSED')).is_compliant).toBe(false);
      },
    },
  ];
}
