/** `verifyWithPictureId`: a capture that must be live, compared with the picture of a document. */
import { FaceError } from '../../biometrics/errors.ts';
import { sniffFormat } from '../../biometrics/image/format.ts';
import { MATCH_LEVELS, type MatchLevel } from '../../biometrics/match/rating.ts';
import type { Form } from '../core/http/form.ts';
import { decodeBase64 } from './base64.ts';
import type { Captures } from './captures.ts';
import type { Endpoint } from './endpoint.ts';
import { IdentyError, undecodableTemplate, unsupportedTemplate } from './errors.ts';
import { judgeSealedCapture } from './judge-capture.ts';
import { matchOutcome } from './match.ts';
import { retry } from './process-endpoint.ts';
import { renderMatch } from './render.ts';
import { FORM_TYPE, missing, openSealed, readSealedForm, textField } from './sealed-form.ts';

const FORMATS: ReadonlySet<string> = new Set(['JPEG', 'PNG', 'ISO_19794_5']);

export function verifyEndpoint(captures: Captures): Endpoint {
  return {
    path: '/api/v1/verifyWithPictureId',
    action: 'VERIFY',
    accepts: [FORM_TYPE],
    async run(arrived, call) {
      const form = await readSealedForm(arrived);
      const level = matchLevel(form);
      const picture = pictureOf(form);
      const capture = openSealed(form, captures);
      if (capture.description.templates.length === 0) {
        throw new IdentyError(
          'NO_TEMPLATES_SPECIFIED',
          'No templates specified in face Blob to extract in verifyWithPicID',
        );
      }
      const judged = await judgeSealedCapture(capture, { measure: true }, call);
      if (judged.verdict !== 'live') return retry(judged, judged.verdict, capture.frames[0], call);
      const reference = await call.faces.extract(picture, call.signal).catch((error) => {
        throw toPictureError(error);
      });
      const outcome = matchOutcome(judged.extraction, reference, level, 'picture-id', call.faces);
      return {
        response: renderMatch(call.refid, outcome, false),
        outcome: 'FEEDBACK_MATCHED',
        code: 200,
        timingsMs: outcome.timingsMs,
        details: { level_reached: outcome.levelReached },
      };
    },
  };
}

function matchLevel(form: Form): MatchLevel {
  const text = textField(form, 'level');
  if (text === undefined) throw missing('level');
  const level = MATCH_LEVELS.find((name) => name === text);
  if (level !== undefined) return level;
  throw new IdentyError('ERROR_INVALID_MATCH_LEVEL', 'Match level is outside supported range');
}

function pictureOf(form: Form): Uint8Array<ArrayBuffer> {
  const format = textField(form, 'template');
  if (format === undefined) throw missing('template');
  if (!FORMATS.has(format)) {
    throw new IdentyError('ERROR_INVALID_FORMAT', 'Image format unsupported for operation.');
  }
  const part = form.get('picID');
  if (part === undefined) throw missing('picID');
  const bytes = part.isFile ? part.bytes : decodeBase64(new TextDecoder().decode(part.bytes));
  if (bytes === undefined) throw undecodableTemplate('/picID', 'not base64');
  const found = sniffFormat(bytes);
  if (found !== 'jpeg' && found !== 'png' && found !== 'face-record') {
    throw unsupportedTemplate('/picID');
  }
  return bytes;
}

function toPictureError(error: unknown): unknown {
  if (!(error instanceof FaceError)) return error;
  const options = { cause: error };
  switch (error.code) {
    case 'NO_FACE':
      return new IdentyError('ERROR_INVALID_IMAGE', 'Image has no face on it.', options);
    case 'IMAGE_TOO_LARGE':
      return new IdentyError('ERROR_INVALID_IMAGE', 'An invalid image was used', options);
    case 'IMAGE_EMPTY':
    case 'IMAGE_UNSUPPORTED':
      return unsupportedTemplate('/picID', options);
    case 'IMAGE_UNDECODABLE':
      return undecodableTemplate('/picID', 'the picture is damaged or incomplete', options);
    default:
      return error;
  }
}
