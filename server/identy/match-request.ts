/**
 * The request of both match endpoints, IDENTY Web Server 6 "Match endpoints": shape, level, formats,
 * and the pictures as bytes. Everything that can be refused without a network is refused here.
 */
import { sniffFormat } from '../../biometrics/image/format.ts';
import { MATCH_LEVELS, type MatchLevel } from '../../biometrics/match/rating.ts';
import { decodeBase64 } from './base64.ts';
import {
  IdentyError,
  type ImageField,
  schemaMismatch,
  undecodableTemplate,
  unsupportedTemplate,
} from './errors.ts';
import { MatchRequest as MatchRequestShape } from './requests.ts';

export interface MatchRequest {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly imageToVerifyAgainst: Uint8Array<ArrayBuffer>;
  readonly level: MatchLevel;
}

/** What a request may call its pictures. */
export const PICTURE_FORMATS: ReadonlySet<string> = new Set(['JPEG', 'PNG', 'ISO_19794_5']);
/** Names clients give to ANSI/NIST-ITL type 10 records. */
const NIST = /nist|an2k|type.?10/i;

/**
 * Checks in this order: shape, level, formats, pictures; the first that fails is reported.
 * @throws IdentyError with the row and message of table 9.
 */
export function parseMatchRequest(json: unknown): MatchRequest {
  const parsed = MatchRequestShape.safeParse(json);
  if (!parsed.success) throw schemaMismatch(parsed.error);
  const { image, imageToVerifyAgainst, level } = parsed.data;
  const known = matchLevel(level);
  checkFormat('/image', image.format);
  checkFormat('/imageToVerifyAgainst', imageToVerifyAgainst.format);
  return {
    image: decodeImage('/image', image.template),
    imageToVerifyAgainst: decodeImage('/imageToVerifyAgainst', imageToVerifyAgainst.template),
    level: known,
  };
}

/** @throws IdentyError ERROR_INVALID_MATCH_LEVEL */
export function matchLevel(name: string): MatchLevel {
  const level = MATCH_LEVELS.find((known) => known === name);
  if (level !== undefined) return level;
  throw new IdentyError('ERROR_INVALID_MATCH_LEVEL', 'Match level is outside supported range');
}

function checkFormat(field: ImageField, format: string): void {
  if (PICTURE_FORMATS.has(format)) return;
  if (NIST.test(format)) throw nistRefused(field);
  throw new IdentyError(
    'ERROR_INVALID_JSON',
    `(${field}/format) The image format supplied is not among the supported formats`,
  );
}

function nistRefused(field: ImageField): IdentyError {
  return new IdentyError(
    'ERROR_INVALID_FORMAT',
    `(${field}/format) NIST 10 templates are not supported for matching`,
  );
}

/** The content decides what it is: a PNG that calls itself JPEG is a PNG. */
function decodeImage(field: ImageField, template: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(template);
  if (bytes === undefined) throw undecodableTemplate(field, 'not base64');
  const format = sniffFormat(bytes);
  if (format === 'nist-record') throw nistRefused(field);
  if (format !== 'jpeg' && format !== 'png' && format !== 'face-record') {
    throw unsupportedTemplate(field);
  }
  return bytes;
}
