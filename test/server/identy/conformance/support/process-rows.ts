/** Rows of the answers of `process`: to a live capture, and to one that is not. */
import { expect } from 'bun:test';
import { decodeTemplate, readFaceRecord } from '../../../../../biometrics/formats/mod.ts';
import { decodePicture } from '../../../../../biometrics/image/mod.ts';
import { eyesOpen } from '../../../../../biometrics/quality/eyes-open.ts';
import { plainEye } from '../../../../biometrics/support/plain-eye.ts';
import { picture } from '../../../support/fake-faces.ts';
import { complianceRows, icaoRows, MEASURES } from './icao-rows.ts';
import { realJpeg } from './real-jpeg.ts';
import { asked, equals, field, isBase64Of, isRefid, matches, type Row, valueAt } from './rows.ts';
import type { SendCapture } from './sealed-rows.ts';
import type { Sealing, Site } from './site.ts';

const TEMPLATES = ['JPEG', 'PNG', 'ISO_19794_5', 'IDENTY_TYPE_1'];
const ICAO = { checks: true, background_removal: false, background_color: null };
const LEVEL = 'data.as_highest_security_level_reached';
const SELFIE = realJpeg(`face 0 1 0.95 0.905 eyesOpen=59.93526 ${MEASURES}`);

export function processAnswer(path: string): Row[] {
  const process = async (site: Site, sealing: Sealing) =>
    await (await site.postForm(path, { file: await site.seal(sealing) })).json();
  const answer = asked(async (site) =>
    site.postForm(path, {
      file: await site.seal({
        shows: SELFIE,
        changes: { templates: TEMPLATES, icao: ICAO, captured_at: '2026-01-15T12:00:00.123Z' },
      }),
    })
  );
  const icaoOf = async (site: Site, measures: string) => {
    const shows = `face 0 1 0.95 0.9 ${MEASURES} ${measures}`;
    return (await process(site, { shows, changes: { icao: ICAO } })).icao_data;
  };
  const row = (path: string, shows: string, sealing: Sealing, wanted: unknown, remark?: string) =>
    field((site) => process(site, sealing), path, shows, equals(wanted), remark);
  const asking = (threshold: string, enabled = true) => ({
    changes: { anti_spoofing: { enabled, threshold } },
  });
  const date = (captured_at: string, wanted: string, shows: string) =>
    row('data.capture_date', shows, { changes: { captured_at } }, wanted);
  return [
    field(answer, 'refid', `transaction identifier, action process`, isRefid('process')),
    field(answer, 'code', '200', equals(200)),
    field(answer, 'message', 'FEEDBACK_CAPTURED', equals('FEEDBACK_CAPTURED')),
    field(
      answer,
      'upload_ts',
      'whole number, milliseconds from packing to the answer',
      (value) => expect(value).toBeInteger(),
      'the examples have 1908 and -709 and no text; clocks of two machines may differ',
    ),
    field(answer, 'data.bits_per_pixel', '8', equals(8)),
    field(
      answer,
      'data.capture_date',
      'when the picture was taken, as 2026-01-15T12:00:00.123 +0000',
      equals('2026-01-15T12:00:00.123 +0000'),
    ),
    date('2026-01-15T12:00:00Z', '2026-01-15T12:00:00.000 +0000', 'always with milliseconds'),
    field(answer, 'data.width', 'integer, width of the capture', equals(480)),
    field(answer, 'data.height', 'integer, height of the capture', equals(640)),
    field(answer, 'data.channels', '3', equals(3)),
    field(answer, 'data.resolution', '480x640x3', equals('480x640x3')),
    field(
      answer,
      LEVEL,
      'the highest level reached',
      equals('BALANCED_VERY_HIGH'),
    ),
    row(
      LEVEL,
      'the highest level reached when a lower one was asked for',
      asking('LOW'),
      'BALANCED_VERY_HIGH',
    ),
    row(LEVEL, 'null when liveness is switched off', asking('HIGHEST', false), null),
    field(answer, 'data.spoof_score', 'list of one number', equals([0.95])),
    field(
      answer,
      'data.quality.eyes_open_metric',
      'number, 0 to 100: how open the eyes are',
      equals(59.93526),
    ),
    field(answer, 'data.quality.eyes_status', 'OPEN', equals('OPEN')),
    row('data.quality.eyes_status', 'CLOSED', { shows: 'face 0 eyesStatus=CLOSED' }, 'CLOSED'),
    {
      row: 'data.quality.eyes_status',
      shows: 'OPEN from an openness of 10.0 on, CLOSED below',
      check: () => {
        const [open, closed] = [10.2, 9.8].map((gap) =>
          eyesOpen({ right: plainEye(gap), left: plainEye(gap) })
        );
        expect([open.eyesOpen >= 10, open.eyesStatus]).toEqual([true, 'OPEN']);
        expect([closed.eyesOpen >= 10, closed.eyesStatus]).toEqual([false, 'CLOSED']);
      },
    },
    field(answer, 'data.quality.head_pose_check', 'true for a frontal head', equals(true)),
    row(
      'data.quality.head_pose_check',
      'false for a turned head',
      { shows: 'face 0 yaw=30' },
      false,
      '"True for all successful captures": the SDK takes none of a turned head; of one that comes ' +
        'by another way the answer says what is true',
    ),
    field(answer, 'data.quality.quality_metric', 'number, 0 to 100', equals(90.5)),
    field(answer, 'data.quality.qc_passed', 'true for good quality', equals(true)),
    row('data.quality.qc_passed', 'false for poor quality', { shows: 'face 0 1 0.95 0.4' }, false),
    ...templateRows(answer),
    row(
      'data.templates',
      'only the templates that were asked for',
      { changes: { templates: ['JPEG'] } },
      { JPEG: picture('face 0').toBase64() },
    ),
    ...icaoRows(answer, icaoOf),
    ...complianceRows(answer, icaoOf),
    field(
      answer,
      'icao_data.templates.JPEG',
      'the cropped picture, Base64',
      isBase64Of(picture('portrait')),
    ),
    field(
      answer,
      'icao_data.templates.PNG',
      'the cropped picture, Base64',
      isBase64Of(picture('portrait as PNG')),
    ),
    row('icao_data', 'is not there when the SDK asks for no ICAO checks', {}, undefined),
  ];
}

/** The templates of the whole selfie. */
function templateRows(answer: (site: Site) => Promise<unknown>): Row[] {
  const row = (
    name: string,
    shows: string,
    check: (bytes: Uint8Array) => void | Promise<void>,
  ) => ({
    row: `data.templates.${name}`,
    shows,
    check: async (site: Site) => {
      const text = valueAt(await answer(site), `data.templates.${name}`);
      matches(/^[A-Za-z0-9+/]+=*$/)(text);
      await check(Uint8Array.fromBase64(String(text)));
    },
  });
  return [
    row('JPEG', 'the entire selfie, Base64', (bytes) => expect(bytes).toEqual(SELFIE)),
    row('PNG', 'the same pixels, 480x640', async (bytes) => {
      const [png, jpeg] = await Promise.all([decodePicture(bytes), decodePicture(SELFIE)]);
      expect([png.width, png.height]).toEqual([480, 640]);
      expect(Buffer.compare(png.data, jpeg.data)).toBe(0);
    }),
    row('ISO_19794_5', 'a face record with the selfie', (bytes) => {
      expect(readFaceRecord(bytes).representations[0].image).toEqual(SELFIE);
    }),
    row('IDENTY_TYPE_1', 'a template that starts with IDENTY, version 1.0', (bytes) => {
      expect(bytes.subarray(0, 8).toHex()).toBe('4944454e54590100');
      expect(decodeTemplate(bytes).modelId).toBe('0123456789abcdef');
    }),
  ];
}

/** The answer to a capture that is a spoof; `verifyWithPictureId` gives the same. */
export function retryAnswer(action: string, send: SendCapture): Row[] {
  const spoof = (says: string) => async (site: Site) =>
    await (await send(site, await site.seal({ shows: says }))).json();
  const says = 'face 0 1 0.85 0.9';
  const answer = asked(async (site) => send(site, await site.seal({ shows: says })));
  const row = (path: string, shows: string, check: (value: unknown) => void, remark?: string) => ({
    ...field(answer, path, shows, check, remark),
    row: `${path} (spoof)`,
  });
  return [
    row('code', '401', equals(401)),
    row('message', 'FEEDBACK_RETRY', equals('FEEDBACK_RETRY')),
    row('refid', `transaction identifier, action ${action}`, isRefid(action)),
    row(
      'description',
      'a sentence for the user',
      equals('Something is weird, please try again.'),
    ),
    row('data.image', 'the capture, Base64', isBase64Of(picture(says))),
    row(
      LEVEL,
      'the highest level reached, below the one asked for',
      equals('BALANCED_HIGH'),
      'the text says so ("classified as spoof and ... set to HIGH"); the example leaves it out',
    ),
    {
      ...field(spoof('face 0 1 0.3'), LEVEL, 'null when not even LOW is reached', equals(null)),
      row: `${LEVEL} (spoof)`,
    },
    row('quality', 'true for good quality', equals(true)),
    {
      ...field(spoof('face 0 1 0.3 0.4'), 'quality', 'false for poor quality', equals(false)),
      row: 'quality (spoof)',
    },
    row('debug.spoof_score', 'list of one number', equals([0.85])),
  ];
}
